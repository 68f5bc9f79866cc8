/** The panel of fonts and sizes. */
import { fontPointsMax, fontPointsMin, fontStack } from '@quire/document'
import { Check, Minus, Plus } from 'lucide'
import type { EditorContext } from '../../feature.ts'
import { element, focusedElement } from '../../ui/element.ts'
import { drawIcon, type Icon } from '../../ui/icon.ts'
import { setMarkValue } from '../marks/commands.ts'
import { readToolbarState } from '../toolbar/toolbar-state.ts'
import { resizeBy, shownPoints } from './commands.ts'

/** Those that people have on most devices, or something drawn to the same measure. */
const families: readonly string[] = [
  'Arial',
  'Verdana',
  'Trebuchet MS',
  'Georgia',
  'Times New Roman',
  'Garamond',
  'Courier New',
  'Comic Sans MS',
]

/** Opens the panel at `button`. With `takeFocus` the size gets the keyboard focus. */
export function openFontPanel(
  context: EditorContext,
  { button, takeFocus }: { readonly button: HTMLElement; readonly takeFocus: boolean },
): void {
  const view = context.view()
  const size = element('input', {
    type: 'text',
    inputmode: 'numeric',
    class: 'quire-input',
    'aria-label': 'Size in points',
    autocomplete: 'off',
  })
  const showSize = (): void => {
    size.value = String(shownPoints(view))
  }
  const step = (label: string, icon: Icon, by: 1 | -1): HTMLElement => {
    const one = element(
      'button',
      { type: 'button', class: 'quire-button', 'aria-label': label },
      drawIcon(icon),
    )
    one.addEventListener('click', () => {
      resizeBy(by)(view.state, view.dispatch, view)
      showSize()
    })
    return one
  }
  const setSize = (): void => {
    const points = Math.round(Number(size.value.replace(',', '.')))
    // What is no size is put back to the one that is.
    if (points >= fontPointsMin && points <= fontPointsMax && points !== shownPoints(view)) {
      setMarkValue('font_size', { points })(view.state, view.dispatch)
    }
    showSize()
  }
  size.addEventListener('change', setSize)
  size.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    setSize()
    popover.close()
    view.focus()
  })

  const { font } = readToolbarState(view.state)
  const list = element('div', { role: 'radiogroup', 'aria-label': 'Font', class: 'quire-fonts' })
  for (const family of [null, ...families]) {
    const isChosen = font === family
    const row = element(
      'button',
      {
        type: 'button',
        role: 'radio',
        'aria-checked': String(isChosen),
        tabindex: isChosen || (family === null && !families.includes(font ?? '')) ? 0 : -1,
        class: 'quire-menu-item',
      },
      isChosen ? drawIcon(Check) : element('span', { class: 'quire-icon' }),
      element('span', { class: 'quire-menu-label' }, family ?? 'Default'),
    )
    if (family !== null) row.style.fontFamily = fontStack(family)
    row.addEventListener('click', () => {
      popover.close()
      setMarkValue('font', family === null ? null : { family })(view.state, view.dispatch)
      view.focus()
    })
    list.append(row)
  }
  list.addEventListener('keydown', (event) => moveInList(list, event))

  const reset = element('button', { type: 'button', class: 'quire-action' }, 'Default size')
  reset.addEventListener('click', () => {
    setMarkValue('font_size', null)(view.state, view.dispatch)
    showSize()
  })
  const content = element(
    'div',
    { class: 'quire-font-panel', role: 'dialog', 'aria-label': 'Font and size' },
    element(
      'div',
      { role: 'group', 'aria-label': 'Size', class: 'quire-font-size' },
      step('Smaller', Minus, -1),
      size,
      step('Larger', Plus, 1),
      reset,
    ),
    list,
  )
  // The selection stays in sight while sizes are tried.
  content.addEventListener('mousedown', (event) => {
    if (event.target !== size) event.preventDefault()
  })
  showSize()
  button.setAttribute('aria-expanded', 'true')
  const popover = context.popovers.open({
    anchor: button,
    owner: button,
    content,
    focus: takeFocus ? size : null,
    onClose: () => button.setAttribute('aria-expanded', 'false'),
  })
}

/** Arrow keys, Home and End choose among the fonts. */
function moveInList(list: HTMLElement, event: KeyboardEvent): void {
  const rows = [...list.querySelectorAll<HTMLButtonElement>('button')]
  const at = rows.indexOf(focusedElement(list) as HTMLButtonElement)
  const to: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: rows.length - 1,
  }
  const next = rows[Math.min(rows.length - 1, Math.max(0, to[event.key] ?? -1))]
  if (to[event.key] === undefined || !next) return
  event.preventDefault()
  for (const row of rows) row.tabIndex = row === next ? 0 : -1
  next.focus()
}
