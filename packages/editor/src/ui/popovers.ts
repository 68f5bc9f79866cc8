/**
 * Popovers: the one floating panel an editor shows at a time (menu, link field, palette).
 * Decides where it floats and when it closes; not what is in it.
 *
 * 1. Opening a popover closes the one before it.
 * 2. Escape closes it and gives the focus back; a press outside closes it and leaves the focus alone.
 * 3. After `close` no listener of it is left.
 */
import {
  autoUpdate,
  computePosition,
  flip,
  offset,
  type Placement,
  shift,
  size,
  type VirtualElement,
} from '@floating-ui/dom'
import { focusedElement, listen } from './element.ts'

export type Anchor = Element | VirtualElement

export interface PopoverOptions {
  readonly anchor: Anchor
  readonly content: HTMLElement
  readonly placement?: Placement
  /** What the panel takes as focus when it opens; absent leaves the focus where it is. */
  readonly focus?: HTMLElement | null
  /** Called once, whoever closed it. */
  readonly onClose?: () => void
  /** Takes the focus after Escape. Absent: the editor. */
  readonly returnFocus?: () => void
  /** Elements that count as inside for a press: the button that opened the panel closes it itself. */
  readonly owner?: Element | null
  /** False keeps the panel when somebody presses elsewhere; for panels that follow the selection. */
  readonly closeOnPress?: boolean
}

export interface Popover {
  readonly element: HTMLElement
  readonly isOpen: boolean
  /** Moves the panel after its anchor or content changed. */
  update(): void
  close(): void
}

/** Positions `panel` at `anchor` until the returned function is called; also returns a way to ask for it now. */
export function float(
  anchor: Anchor,
  panel: HTMLElement,
  placement: Placement,
): { update: () => void; stop: () => void } {
  let isStopped = false
  const update = (): void => {
    const middleware = [
      offset(6),
      flip({ padding: 8, fallbackAxisSideDirection: 'none' }),
      shift({ padding: 8 }),
      size({
        padding: 8,
        apply({ availableHeight }) {
          panel.style.setProperty('--quire-available-height', `${Math.max(120, availableHeight)}px`)
        },
      }),
    ]
    void computePosition(anchor, panel, { placement, strategy: 'fixed', middleware }).then(
      ({ x, y }) => {
        if (isStopped) return
        panel.style.left = `${Math.round(x)}px`
        panel.style.top = `${Math.round(y)}px`
        panel.dataset['placed'] = 'true'
      },
    )
  }
  // Not every embedding page has these observers (old webviews, test documents): one look is then enough.
  const canFollow =
    typeof ResizeObserver === 'function' && typeof IntersectionObserver === 'function'
  const stopFollowing = canFollow ? autoUpdate(anchor, panel, update) : (): void => {}
  if (!canFollow) update()
  return {
    update,
    stop: () => {
      isStopped = true
      stopFollowing()
    },
  }
}

export class Popovers {
  readonly #layer: HTMLElement
  readonly #focusEditor: () => void
  #current: Popover | null = null

  constructor(options: { layer: HTMLElement; focusEditor: () => void }) {
    this.#layer = options.layer
    this.#focusEditor = options.focusEditor
  }

  get current(): Popover | null {
    return this.#current
  }

  open(options: PopoverOptions): Popover {
    this.#current?.close()
    const panel = options.content
    panel.classList.add('quire-popover')
    this.#layer.append(panel)
    const floating = float(options.anchor, panel, options.placement ?? 'bottom-start')
    const releases: (() => void)[] = [floating.stop]
    const close = (): void => {
      if (!popover.isOpen) return
      popover.isOpen = false
      if (this.#current === popover) this.#current = null
      for (const release of releases) release()
      panel.remove()
      options.onClose?.()
    }
    const popover = { element: panel, isOpen: true, update: floating.update, close }
    this.#current = popover

    if (options.closeOnPress !== false) {
      releases.push(
        listen(
          panel.ownerDocument,
          'pointerdown',
          (event) => {
            const path = event.composedPath()
            const isInside = path.includes(panel) || (options.owner && path.includes(options.owner))
            if (!isInside) close()
          },
          { capture: true },
        ),
      )
    }
    releases.push(
      listen(
        this.#layer.getRootNode(),
        'keydown',
        (event) => {
          if (event.key !== 'Escape' || event.isComposing) return
          event.preventDefault()
          event.stopPropagation()
          const hadFocus = panel.contains(focusedElement(panel))
          close()
          if (options.returnFocus) options.returnFocus()
          else if (hadFocus) this.#focusEditor()
        },
        { capture: true },
      ),
    )
    options.focus?.focus({ preventScroll: true })
    return popover
  }

  close(): void {
    this.#current?.close()
  }
}
