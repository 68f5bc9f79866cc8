/** Opens a menu below the button it belongs to, and keeps the button's state true. */
import type { EditorContext } from '../feature.ts'
import { buildMenu, type MenuEntry, menuRows } from './menu.ts'

export function openMenu(
  context: EditorContext,
  options: {
    label: string
    button: HTMLElement
    entries: readonly MenuEntry[]
    /** Opened with the keyboard: the chosen (or first) row takes the focus, and Escape gives it back to the button. */
    isByKeyboard: boolean
  },
): void {
  const { label, button, entries, isByKeyboard } = options
  const menu = buildMenu(label, entries, () => popover.close())
  button.setAttribute('aria-expanded', 'true')
  const rows = menuRows(menu)
  const chosen = rows.find((row) => row.getAttribute('aria-checked') === 'true') ?? rows[0] ?? null
  const popover = context.popovers.open({
    anchor: button,
    owner: button,
    content: menu,
    focus: isByKeyboard ? chosen : null,
    returnFocus: () => (isByKeyboard ? button.focus() : context.view().focus()),
    onClose: () => button.setAttribute('aria-expanded', 'false'),
  })
}
