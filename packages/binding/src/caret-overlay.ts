/**
 * The carets and selections of others, drawn on a layer over the text. They are not part of the
 * document's DOM, so they never shift a line, cannot be selected, and cost the text nothing.
 *
 * The layer is a sibling of the editable element; its parent must be positioned. Classes for a
 * stylesheet: `quire-carets` (the layer), `quire-caret` with `data-client` and `data-moved` while the
 * name is shown, `quire-caret-flag` (the name), `quire-selection`. The colour is the custom property
 * `--quire-caret-color` on each element.
 *
 * Names and colours come from other people: a name is text of bounded length, a colour `#rrggbb`.
 */
import { type Clock, systemClock, type Timer } from '@quire/base'
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { toAbsolute, yBindingOf } from './y-prosemirror.ts'

/** How long a name stays after its caret has moved: long enough to read, short enough not to cover the line above. */
const flagMs = 2_500
const nameCharsMax = 40
/** Rectangles drawn for one selection; a whole long document selected needs no more to be seen. */
const rectanglesMax = 200
const colorDefault = '#6b7280'

interface Drawn {
  readonly caret: HTMLElement
  readonly flag: HTMLElement
  selection: HTMLElement[]
  anchor: string
  flagTimer: Timer | null
}

export function caretOverlayPlugin(awareness: Awareness, clock: Clock = systemClock): Plugin {
  return new Plugin({
    view(view) {
      const overlay = new CaretOverlay(view, awareness, clock)
      return { update: () => overlay.request(), destroy: () => overlay.destroy() }
    },
  })
}

class CaretOverlay {
  readonly #view: EditorView
  readonly #awareness: Awareness
  readonly #clock: Clock
  readonly #layer: HTMLElement
  readonly #drawn = new Map<number, Drawn>()
  readonly #resize: ResizeObserver | null
  #frame: number | null = null

  constructor(view: EditorView, awareness: Awareness, clock: Clock) {
    this.#view = view
    this.#awareness = awareness
    this.#clock = clock
    this.#layer = view.dom.ownerDocument.createElement('div')
    this.#layer.className = 'quire-carets'
    this.#layer.setAttribute('aria-hidden', 'true')
    // The view is put into its place after its plugins are made.
    this.#resize = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(this.request)
    this.#resize?.observe(view.dom)
    awareness.on('change', this.request)
    this.request()
  }

  readonly request = (): void => {
    this.#frame ??= windowOf(this.#view).requestAnimationFrame(() => {
      this.#frame = null
      this.#draw()
    })
  }

  destroy(): void {
    if (this.#frame !== null) windowOf(this.#view).cancelAnimationFrame(this.#frame)
    this.#awareness.off('change', this.request)
    this.#resize?.disconnect()
    for (const clientId of [...this.#drawn.keys()]) this.#remove(clientId)
    this.#layer.remove()
  }

  #draw(): void {
    const parent = this.#view.dom.parentElement
    const binding = yBindingOf(this.#view.state)
    if (!parent || !binding || this.#view.isDestroyed) return
    if (this.#layer.parentElement !== parent) parent.append(this.#layer)
    const shown = new Set<number>()
    for (const [clientId, state] of this.#awareness.getStates()) {
      if (clientId === this.#awareness.clientID) continue
      const place = placeOf(state as Record<string, unknown>, (position) =>
        toAbsolute(position, binding),
      )
      if (!place) continue
      shown.add(clientId)
      this.#drawOne(clientId, state as Record<string, unknown>, place)
    }
    for (const clientId of [...this.#drawn.keys()]) if (!shown.has(clientId)) this.#remove(clientId)
  }

  #drawOne(clientId: number, state: Record<string, unknown>, place: Place): void {
    const { name, color } = personOf(state)
    const drawn = this.#drawn.get(clientId) ?? this.#make(clientId)
    const size = this.#view.state.doc.content.size
    const head = Math.min(place.head, size)
    const anchor = Math.min(place.anchor, size)
    const origin = this.#layer.getBoundingClientRect()
    const at = this.#view.coordsAtPos(head)
    const { caret, flag } = drawn
    caret.style.setProperty('--quire-caret-color', color)
    caret.style.transform = `translate(${at.left - origin.left}px, ${at.top - origin.top}px)`
    caret.style.height = `${Math.max(at.bottom - at.top, 12)}px`
    if (flag.textContent !== name) flag.textContent = name
    const key = JSON.stringify(state['cursor'])
    if (drawn.anchor !== key) {
      drawn.anchor = key
      this.#showFlag(drawn)
    }
    this.#drawSelection(drawn, Math.min(anchor, head), Math.max(anchor, head), origin, color)
  }

  #make(clientId: number): Drawn {
    const document = this.#view.dom.ownerDocument
    const caret = document.createElement('div')
    caret.className = 'quire-caret'
    caret.dataset['client'] = String(clientId)
    const flag = document.createElement('div')
    flag.className = 'quire-caret-flag'
    caret.append(flag)
    this.#layer.append(caret)
    const drawn: Drawn = { caret, flag, selection: [], anchor: '', flagTimer: null }
    this.#drawn.set(clientId, drawn)
    return drawn
  }

  #showFlag(drawn: Drawn): void {
    drawn.caret.dataset['moved'] = ''
    drawn.flagTimer?.cancel()
    drawn.flagTimer = this.#clock.after(flagMs, () => {
      delete drawn.caret.dataset['moved']
    })
  }

  #drawSelection(drawn: Drawn, from: number, to: number, origin: DOMRect, color: string): void {
    const rectangles = from === to ? [] : rectanglesOf(this.#view, from, to)
    while (drawn.selection.length > rectangles.length) drawn.selection.pop()?.remove()
    rectangles.forEach((rectangle, i) => {
      let part = drawn.selection[i]
      if (!part) {
        part = this.#view.dom.ownerDocument.createElement('div')
        part.className = 'quire-selection'
        this.#layer.append(part)
        drawn.selection.push(part)
      }
      part.style.setProperty('--quire-caret-color', color)
      part.style.transform = `translate(${rectangle.left - origin.left}px, ${rectangle.top - origin.top}px)`
      part.style.width = `${rectangle.width}px`
      part.style.height = `${rectangle.height}px`
    })
  }

  #remove(clientId: number): void {
    const drawn = this.#drawn.get(clientId)
    drawn?.flagTimer?.cancel()
    drawn?.caret.remove()
    for (const part of drawn?.selection ?? []) part.remove()
    this.#drawn.delete(clientId)
  }
}

interface Place {
  readonly anchor: number
  readonly head: number
}

function placeOf(
  state: Record<string, unknown>,
  toAbsolutePosition: (position: Y.RelativePosition) => number | null,
): Place | null {
  const cursor = state['cursor'] as { anchor?: unknown; head?: unknown } | null | undefined
  if (!cursor?.anchor || !cursor.head) return null
  try {
    const anchor = toAbsolutePosition(Y.createRelativePositionFromJSON(cursor.anchor))
    const head = toAbsolutePosition(Y.createRelativePositionFromJSON(cursor.head))
    return anchor === null || head === null ? null : { anchor, head }
  } catch {
    return null // not a position: presence is whatever somebody else sent
  }
}

function personOf(state: Record<string, unknown>): { name: string; color: string } {
  const user = (state['user'] ?? {}) as { name?: unknown; color?: unknown }
  const name = typeof user.name === 'string' ? user.name.trim().slice(0, nameCharsMax) : ''
  const isColor = typeof user.color === 'string' && /^#[0-9a-f]{6}$/i.test(user.color)
  return { name: name || 'Somebody', color: isColor ? (user.color as string) : colorDefault }
}

function rectanglesOf(view: EditorView, from: number, to: number): DOMRect[] {
  const start = view.domAtPos(from, 1)
  const end = view.domAtPos(to, -1)
  const range = view.dom.ownerDocument.createRange()
  range.setStart(start.node, start.offset)
  range.setEnd(end.node, end.offset)
  // Blocks that lie wholly inside report their own box beside the boxes of their lines.
  return [...range.getClientRects()]
    .filter((rectangle) => rectangle.width > 0 && rectangle.height > 0 && rectangle.height < 80)
    .slice(0, rectanglesMax)
}

function windowOf(view: EditorView): Window {
  return view.dom.ownerDocument.defaultView ?? window
}
