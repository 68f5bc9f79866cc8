/** The size of a new table: a grid of squares, by pointer or arrow keys. */
import type { EditorContext } from '../../feature.ts'
import { element } from '../../ui/element.ts'
import type { Anchor } from '../../ui/popovers.ts'

/** Larger tables grow by their menu. */
const pickedRowsMax = 8
const pickedColumnsMax = 8

export function openTablePicker(
  context: EditorContext,
  anchor: Anchor,
  onPick: (rows: number, columns: number) => void,
): void {
  let rows = 3
  let columns = 3
  const label = element('div', { class: 'quire-size-label', 'aria-live': 'polite' })
  const grid = element('div', {
    class: 'quire-size-grid',
    role: 'application',
    tabindex: 0,
    'aria-label': 'Table size: arrow keys change it, Enter inserts the table',
  })
  const squares: HTMLElement[] = []
  for (let row = 1; row <= pickedRowsMax; row += 1) {
    for (let column = 1; column <= pickedColumnsMax; column += 1) {
      const square = element('span', {
        class: 'quire-size-square',
        'data-row': row,
        'data-column': column,
      })
      squares.push(square)
      grid.append(square)
    }
  }
  const show = (): void => {
    label.textContent = `${columns} × ${rows}`
    squares.forEach((square, index) => {
      const isIn = index % pickedColumnsMax < columns && Math.floor(index / pickedColumnsMax) < rows
      square.classList.toggle('is-in', isIn)
    })
  }
  const insert = (): void => {
    context.popovers.close()
    onPick(rows, columns)
  }
  const pointAt = (event: Event): boolean => {
    const square = event.target instanceof HTMLElement ? event.target : null
    const row = Number(square?.dataset['row'] ?? 0)
    if (!square || row === 0) return false
    rows = row
    columns = Number(square.dataset['column'])
    show()
    return true
  }
  grid.addEventListener('pointermove', pointAt)
  grid.addEventListener('mousedown', (event) => event.preventDefault())
  grid.addEventListener('click', (event) => {
    if (pointAt(event)) insert()
  })
  grid.addEventListener('keydown', (event) => {
    const step: Record<string, readonly [number, number]> = {
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
    }
    const by = step[event.key]
    if (by) {
      rows = Math.min(pickedRowsMax, Math.max(1, rows + by[0]))
      columns = Math.min(pickedColumnsMax, Math.max(1, columns + by[1]))
      show()
    } else if (event.key === 'Enter' || event.key === ' ') insert()
    else return
    event.preventDefault()
  })
  show()
  context.popovers.open({
    anchor,
    content: element(
      'div',
      { class: 'quire-size-picker', role: 'dialog', 'aria-label': 'Insert a table' },
      grid,
      label,
    ),
    focus: grid,
    returnFocus: () => context.view().focus(),
  })
}
