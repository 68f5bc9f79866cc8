/** Word count: of the selection, where there is one, and of the whole document. */
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { element } from '../../ui/element.ts'
import { openModal } from '../../ui/modal.ts'
import { type Counts, countsIn } from './counts.ts'

const rows: readonly [label: string, key: keyof Counts][] = [
  ['Words', 'words'],
  ['Characters', 'characters'],
  ['Characters without spaces', 'charactersWithoutSpaces'],
]

export function openCounts(context: EditorContext, view: EditorView): void {
  const { doc, selection } = view.state
  const all = countsIn(doc)
  const selected = selection.empty ? null : countsIn(doc, selection.from, selection.to)
  const number = new Intl.NumberFormat()
  const table = element('table', { class: 'quire-counts' })
  if (selected) {
    const head = ['', 'Selected', 'Document'].map((words) => element('th', { scope: 'col' }, words))
    table.append(element('thead', {}, element('tr', {}, ...head)))
  }
  const body = element('tbody')
  for (const [label, key] of rows) {
    body.append(
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, label),
        selected ? element('td', {}, number.format(selected[key])) : null,
        element('td', {}, number.format(all[key])),
      ),
    )
  }
  table.append(body)
  openModal(context, { title: 'Word count', content: table })
}
