/**
 * Menus: a list of named actions with one roving focus, as the ARIA menu pattern has it.
 * Is not floating by itself; `popovers.ts` places it.
 */
import { element, focusedElement } from './element.ts'
import { drawIcon, type Icon } from './icon.ts'
import { keyLabel } from './key-label.ts'

export interface MenuItem {
  readonly kind?: 'item'
  readonly label: string
  readonly icon?: Icon
  /** A ProseMirror key name, shown at the end of the row. */
  readonly key?: string
  /** Given: the row is one choice of several. */
  readonly isChecked?: boolean
  readonly isDisabled?: boolean
  readonly isDangerous?: boolean
  readonly className?: string
  readonly run: () => void
}

export type MenuEntry =
  | MenuItem
  | { readonly kind: 'separator' }
  | { readonly kind: 'heading'; readonly label: string }

/** The rows that can take the focus, in order. */
export function menuRows(menu: HTMLElement): HTMLButtonElement[] {
  return [...menu.querySelectorAll<HTMLButtonElement>('[role^="menuitem"]:not([disabled])')]
}

/** Builds a menu. `onPick` runs before the item's own action, so that the menu can close first. */
export function buildMenu(
  label: string,
  entries: readonly MenuEntry[],
  onPick: () => void,
): HTMLElement {
  const menu = element('div', { role: 'menu', 'aria-label': label, class: 'quire-menu' })
  for (const entry of entries) menu.append(buildEntry(entry, onPick))
  menu.addEventListener('keydown', (event) => handleMenuKey(menu, event))
  menu.addEventListener('mousedown', (event) => event.preventDefault())
  menu.addEventListener('pointermove', (event) => {
    const row = (event.target as Element).closest<HTMLElement>('[role^="menuitem"]')
    if (row && event.pointerType === 'mouse' && menu.contains(focusedElement(menu))) {
      row.focus({ preventScroll: true })
    }
  })
  return menu
}

function buildEntry(entry: MenuEntry, onPick: () => void): HTMLElement {
  if (entry.kind === 'separator')
    return element('div', { role: 'separator', class: 'quire-menu-separator' })
  if (entry.kind === 'heading') {
    return element('div', { role: 'presentation', class: 'quire-menu-heading' }, entry.label)
  }
  const isChoice = entry.isChecked !== undefined
  const row = element(
    'button',
    {
      type: 'button',
      role: isChoice ? 'menuitemradio' : 'menuitem',
      'aria-checked': isChoice ? String(entry.isChecked) : null,
      tabindex: -1,
      disabled: entry.isDisabled ?? false,
      class: `quire-menu-item${entry.isDangerous ? ' is-danger' : ''}`,
    },
    entry.icon ? drawIcon(entry.icon) : element('span', { class: 'quire-icon' }),
    element('span', { class: `quire-menu-label ${entry.className ?? ''}` }, entry.label),
    entry.key ? element('kbd', { class: 'quire-kbd' }, keyLabel(entry.key)) : null,
  )
  row.addEventListener('click', () => {
    onPick()
    entry.run()
  })
  return row
}

/** Arrow keys, Home, End and typing a letter move the focus inside `menu`. */
function handleMenuKey(menu: HTMLElement, event: KeyboardEvent): void {
  const rows = menuRows(menu)
  if (rows.length === 0) return
  const at = rows.indexOf(focusedElement(menu) as HTMLButtonElement)
  const to = (index: number): void => {
    event.preventDefault()
    rows[(index + rows.length) % rows.length]?.focus()
  }
  if (event.key === 'ArrowDown') to(at + 1)
  else if (event.key === 'ArrowUp') to(at <= 0 ? rows.length - 1 : at - 1)
  else if (event.key === 'Home') to(0)
  else if (event.key === 'End') to(rows.length - 1)
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const start = event.key.toLowerCase()
    const order = [...rows.slice(at + 1), ...rows.slice(0, at + 1)]
    const next = order.find((row) => row.textContent?.trim().toLowerCase().startsWith(start))
    if (next && event.key !== ' ') to(rows.indexOf(next))
  }
}
