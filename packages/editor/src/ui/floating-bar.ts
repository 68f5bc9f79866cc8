/**
 * Floating bars: small toolbars that follow what is selected (an image, a table), drawn once and
 * shown, placed and hidden once per frame.
 */
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../feature.ts'
import { element, focusedElement, listen } from './element.ts'
import { drawIcon, type Icon } from './icon.ts'
import { float, type Anchor } from './popovers.ts'
import { rovingFocus } from './roving-focus.ts'
import { attachTooltips } from './tooltip.ts'

export interface BarButton {
  readonly label: string
  readonly icon: Icon
  /** Shown beside the icon; the button then opens a menu. */
  readonly text?: () => string
  readonly isDangerous?: boolean
  readonly isOn?: (view: EditorView) => boolean
  readonly isEnabled?: (view: EditorView) => boolean
  readonly run: (view: EditorView, button: HTMLElement, isByKeyboard: boolean) => void
}

export interface FloatingBarOptions {
  readonly label: string
  readonly groups: readonly (readonly BarButton[])[]
  readonly placement?: 'top' | 'top-start' | 'top-end'
  /** What the bar belongs to at the moment; null hides it. Asked once per frame; the bar moves when it is another than before. */
  readonly anchorFor: (view: EditorView) => Anchor | null
}

/** Mounts a floating bar. Returns its removal. */
export function mountFloatingBar(
  context: EditorContext,
  view: EditorView,
  options: FloatingBarOptions,
): () => void {
  const bar = element('div', {
    role: 'toolbar',
    'aria-label': options.label,
    class: 'quire-popover quire-floating-bar',
  })
  const drawn: { button: HTMLButtonElement; item: BarButton }[] = []
  for (const group of options.groups) {
    const box = element('div', { class: 'quire-toolbar-group', role: 'group' })
    for (const item of group) {
      const button = element(
        'button',
        {
          type: 'button',
          class: `quire-button${item.isDangerous ? ' is-danger' : ''}${item.text ? ' is-menu' : ''}`,
          'aria-label': item.label,
          'aria-haspopup': item.text ? 'menu' : null,
          'aria-expanded': item.text ? 'false' : null,
          'data-tooltip': item.text ? null : item.label,
          tabindex: -1,
        },
        item.text ? element('span', { class: 'quire-button-text' }, item.text()) : null,
        drawIcon(item.icon),
      )
      button.addEventListener('click', (event) => {
        if (button.getAttribute('aria-expanded') === 'true') context.popovers.close()
        else if (button.getAttribute('aria-disabled') !== 'true') {
          item.run(view, button, event.detail === 0)
        }
      })
      drawn.push({ button, item })
      box.append(button)
    }
    bar.append(box)
  }
  let following: { anchor: Anchor; update: () => void; stop: () => void } | null = null
  const roving = rovingFocus(bar)

  const hide = (): void => {
    following?.stop()
    following = null
    bar.remove()
    delete bar.dataset['placed']
  }
  const refresh = (): void => {
    // A menu opened from the bar takes the focus; the bar stays under it.
    const hasFocus = view.hasFocus() || context.layer.contains(focusedElement(view.dom))
    const anchor = view.editable && hasFocus ? options.anchorFor(view) : null
    if (!anchor) return hide()
    for (const { button, item } of drawn) {
      const label = item.text && button.querySelector('.quire-button-text')
      if (label && item.text && label.textContent !== item.text()) label.textContent = item.text()
      if (item.isOn) button.setAttribute('aria-pressed', String(item.isOn(view)))
      if (item.isEnabled && !item.isEnabled(view)) button.setAttribute('aria-disabled', 'true')
      else button.removeAttribute('aria-disabled')
    }
    if (following?.anchor === anchor) return following.update()
    hide()
    context.layer.append(bar)
    following = { anchor, ...float(anchor, bar, options.placement ?? 'top') }
    roving.refresh()
  }
  // Focus moves without a transaction; the next frame decides whether the bar stays.
  const ask = (): void => context.frames.request()
  const releases = [
    context.frames.on(refresh),
    roving.release,
    attachTooltips(bar, context.layer, context.clock),
    listen(bar, 'mousedown', (event) => event.preventDefault()),
    listen(bar, 'keydown', (event) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      view.focus()
    }),
    listen(bar, 'focusout', ask),
    listen(view.dom, 'focus', ask),
    listen(view.dom, 'blur', ask),
  ]
  return () => {
    hide()
    for (const release of releases) release()
  }
}
