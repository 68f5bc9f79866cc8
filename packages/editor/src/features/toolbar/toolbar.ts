/**
 * The toolbar: draws the items once, and once per frame shows what is on, off or impossible.
 *
 * 1. A press never takes the focus from the text.
 * 2. The bar is one stop for Tab; arrow keys move inside it.
 * 3. The DOM is written only where something differs from the last frame.
 */
import { unreachable } from '@quire/base'
import type { EditorContext } from '../../feature.ts'
import { element, listen } from '../../ui/element.ts'
import { drawIcon, type Icon } from '../../ui/icon.ts'
import { ariaKey } from '../../ui/key-label.ts'
import { followKeyboard } from '../../ui/keyboard-inset.ts'
import { later } from '../../ui/later.ts'
import type { MenuEntry } from '../../ui/menu.ts'
import { openMenu } from '../../ui/open-menu.ts'
import { rovingFocus } from '../../ui/roving-focus.ts'
import { attachTooltips } from '../../ui/tooltip.ts'
import type { Press, ToolbarItem } from './toolbar-item.ts'
import { toolbarGroups } from './toolbar-items.ts'
import { readToolbarState, type ToolbarState } from './toolbar-state.ts'

interface Drawn {
  readonly item: ToolbarItem
  readonly button: HTMLButtonElement
  icon: Icon
}

/** Draws the toolbar into `host`. Returns its removal. */
export function mountToolbar(host: HTMLElement, context: EditorContext): () => void {
  const bar = element('div', {
    role: 'toolbar',
    'aria-label': 'Formatting',
    'aria-orientation': 'horizontal',
    class: 'quire-toolbar',
  })
  const view = context.view()
  const drawn: Drawn[] = []
  const more = context.toolbarItems()
  for (const group of more.length > 0 ? [...toolbarGroups, more] : toolbarGroups) {
    const box = element('div', { class: 'quire-toolbar-group', role: 'group' })
    for (const item of group) {
      const one = { item, button: drawButton(item), icon: item.icon }
      one.button.addEventListener('click', (event) => press(one, event.detail === 0))
      if (item.kind !== 'button') {
        one.button.addEventListener('keydown', (event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          press(one, true)
        })
      }
      box.append(one.button)
      drawn.push(one)
    }
    bar.append(box)
  }
  host.append(bar)
  let state = readToolbarState(view.state)

  function press({ item, button }: Drawn, isByKeyboard: boolean): void {
    if (button.getAttribute('aria-disabled') === 'true') return
    // Read again: several transactions may have passed since the last frame.
    const pressed: Press = {
      context,
      view,
      button,
      state: readToolbarState(view.state),
      isByKeyboard,
    }
    const isOwnPanelOpen = button.getAttribute('aria-expanded') === 'true'
    if (isOwnPanelOpen) context.popovers.close()
    else if (item.kind === 'button') item.run(pressed)
    else if (item.kind === 'panel') item.open(pressed)
    else if (item.kind === 'menu') {
      const { entries, id, label } = item
      const show = (fill: ((press: Press) => readonly MenuEntry[]) | undefined): void =>
        openMenu(context, { label, button, entries: fill?.(pressed) ?? [], isByKeyboard })
      if (entries !== 'later') show(entries)
      else later(context, button, ({ toolbarEntries }) => show(toolbarEntries[id]))
    } else unreachable(item)
  }

  const roving = rovingFocus(bar)
  const refresh = (): void => {
    state = readToolbarState(view.state)
    for (const one of drawn) show(one, state, context, view.editable)
    roving.refresh()
  }
  refresh()

  const releases = [
    context.frames.on(refresh),
    roving.release,
    attachTooltips(bar, context.layer, context.clock),
    // Both events: mousedown moves the focus, pointerdown starts a text selection on some touch screens.
    listen(bar, 'mousedown', (event) => event.preventDefault()),
    listen(bar, 'pointerdown', (event) => {
      if (event.pointerType === 'mouse') event.preventDefault()
    }),
    listen(bar, 'keydown', (event) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      view.focus()
    }),
    attachOverflowHint(bar),
    followKeyboard(host),
  ]
  return () => {
    for (const release of releases) release()
    bar.remove()
  }
}

function drawButton(item: ToolbarItem): HTMLButtonElement {
  const button = element('button', {
    type: 'button',
    class: `quire-button is-${item.kind}`,
    'aria-label': item.label,
    'aria-haspopup': item.kind === 'menu' ? 'menu' : item.kind === 'panel' ? 'dialog' : null,
    'aria-expanded': item.kind === 'button' ? null : 'false',
    'aria-keyshortcuts': item.key ? ariaKey(item.key) : null,
    'data-tooltip': item.label,
    'data-key': item.key,
    'data-item': item.id,
    tabindex: -1,
  })
  if (item.kind === 'menu' && item.text) {
    button.append(element('span', { class: 'quire-button-text' }), drawIcon(item.icon))
  } else {
    button.append(drawIcon(item.icon))
    if (item.kind === 'panel' && item.stripe)
      button.append(element('span', { class: 'quire-stripe' }))
    if (item.kind === 'menu' && item.iconFor) button.classList.add('has-caret')
  }
  return button
}

/** Writes what differs from what the button shows. */
function show(
  drawn: Drawn,
  state: ToolbarState,
  context: EditorContext,
  isEditable: boolean,
): void {
  const { item, button } = drawn
  const isEnabled = isEditable && (item.isEnabled?.(state, context) ?? true)
  // `aria-disabled` instead of `disabled`: the button can still be found and named by a screen reader.
  setAttribute(button, 'aria-disabled', isEnabled ? null : 'true')
  if (item.kind === 'button' && item.isOn) {
    setAttribute(button, 'aria-pressed', String(isEditable && item.isOn(state)))
  } else if (item.kind === 'panel' && item.stripe) {
    const color = item.stripe(state) ?? ''
    if (button.style.getPropertyValue('--quire-stripe') !== color) {
      button.style.setProperty('--quire-stripe', color)
    }
  } else if (item.kind === 'menu') {
    const text = item.text?.(state)
    const label = button.querySelector('.quire-button-text')
    if (label && text !== undefined && label.textContent !== text) {
      label.textContent = text
      button.setAttribute('aria-label', `${item.label}: ${text}`)
    }
    const icon = item.iconFor?.(state) ?? drawn.icon
    if (icon !== drawn.icon) {
      drawn.icon = icon
      button.querySelector('.quire-icon')?.replaceWith(drawIcon(icon))
    }
  }
}

function setAttribute(target: Element, name: string, value: string | null): void {
  if (target.getAttribute(name) === value) return
  if (value === null) target.removeAttribute(name)
  else target.setAttribute(name, value)
}

/** Marks which side of a bar that is too wide has more, for the fading edge. */
function attachOverflowHint(bar: HTMLElement): () => void {
  const mark = (): void => {
    const at = Math.abs(bar.scrollLeft)
    bar.classList.toggle('has-more-before', at > 4)
    bar.classList.toggle('has-more-after', at + bar.clientWidth < bar.scrollWidth - 4)
  }
  mark()
  const releases = [listen(bar, 'scroll', mark, { passive: true })]
  if (typeof ResizeObserver === 'function') {
    const observer = new ResizeObserver(mark)
    observer.observe(bar)
    releases.push(() => observer.disconnect())
  }
  return () => {
    for (const release of releases) release()
  }
}
