// @vitest-environment jsdom
import { schema } from '@quire/document'
import {
  cell,
  createSeededRandom,
  doc,
  type Draft,
  type NamedDoc,
  p,
  row,
  type SeededRandom,
  table,
} from '@quire/testkit'
import type { Node } from 'prosemirror-model'
import { EditorState, NodeSelection, type Plugin } from 'prosemirror-state'
import { CellSelection, tableEditing } from 'prosemirror-tables'
import { expect, test } from 'vitest'
import { tableGatePlugin } from './table-gate.ts'
import { isRagged as isRaggedByShape } from './table-shape.ts'
import { isRagged } from './cell-selections.ts'
import { tableEditingPlugin } from './tables.ts'

/** The second row has one cell less. */
const ragged = doc(p('above'), table(row(cell('a'), cell('b')), row(cell('c'))), p('below'))

function stateOf({ node }: NamedDoc): EditorState {
  return EditorState.create({ doc: node, plugins: [tableGatePlugin(), tableEditingPlugin()] })
}

function cellsIn(node: Node): number[] {
  const found: number[] = []
  node.descendants((child, pos) => {
    if (child.type === schema.nodes['table_cell']) found.push(pos)
  })
  return found
}

const select = (state: EditorState, anchor: number, head: number): EditorState =>
  state.apply(state.tr.setSelection(CellSelection.create(state.doc, anchor, head)))

const textsOf = (state: EditorState): string[] => {
  const texts: string[] = []
  const { selection } = state
  if (selection instanceof CellSelection)
    selection.forEachCell((node) => texts.push(node.textContent))
  return texts
}

test('a row of a ragged table can be selected, and then a block is moved', () => {
  let state = stateOf(ragged)
  const [, , c] = cellsIn(state.doc) as [number, number, number]
  const { tr } = state
  // A transaction that changes the document gets past the gate.
  state = state.apply(tr.insertText('x', 1).setSelection(NodeSelection.create(tr.doc, c)))
  const moved = state.tr
  const below = state.doc.lastChild as Node
  moved.delete(state.doc.content.size - below.nodeSize, state.doc.content.size)
  state = state.apply(moved.insert(0, below))
  expect(state.doc.child(0).textContent).toBe('below')
  expect(state.doc.nodeAt(state.selection.from)?.textContent).toBe('c')
})

test('a ragged table is dragged as a node', () => {
  let state = stateOf(ragged)
  const { tr } = state
  const moving = state.doc.child(1)
  tr.delete(7, 7 + moving.nodeSize).insert(0, moving)
  state = state.apply(tr.setSelection(NodeSelection.create(tr.doc, 0)))
  expect((state.selection as NodeSelection).node).toBe(moving)
})

test('selected cells stay selected when their table becomes ragged', () => {
  let state = stateOf(doc(table(row(cell('a'), cell('b')), row(cell('c'), cell('d')))))
  const [a, b, c, d] = cellsIn(state.doc) as [number, number, number, number]
  state = select(state, a, b)
  expect(state.selection).toBeInstanceOf(CellSelection)
  state = state.apply(state.tr.delete(c, d))
  expect(textsOf(state).toSorted()).toEqual(['a', 'b'])
  // A hole between the corners is no cell.
  state = select(state, ...(cellsIn(state.doc).slice(1) as [number, number]))
  expect(textsOf(state).toSorted()).toEqual(['a', 'b', 'd'])
  state = state.apply(state.tr.delete(0, state.doc.child(0).nodeSize))
  expect(state.selection).not.toBeInstanceOf(CellSelection)
})

test('a row stays a whole row when a column comes', () => {
  let state = stateOf(doc(table(row(cell('a'), cell('b')), row(cell('c'), cell('d')))))
  const [a, b, c, d] = cellsIn(state.doc) as [number, number, number, number]
  state = select(state, a, b)
  const column = schema.node('table_cell', null, [schema.node('block', null, schema.text('new'))])
  const tr = state.tr.insert(d + (state.doc.nodeAt(d)?.nodeSize ?? 0), column)
  state = state.apply(tr.insert(b + (state.doc.nodeAt(b)?.nodeSize ?? 0), column))
  expect(textsOf(state).toSorted()).toEqual(['a', 'b', 'new'])
  expect(c).toBeGreaterThan(b)
})

test('whatever is selected in whatever table, edits and bookmarks carry it along', () => {
  let selections = 0
  for (let seed = 1; seed <= 150; seed++) {
    const random = createSeededRandom(seed)
    let state = stateOf(doc(p('above'), randomTable(random), p('below')))
    for (let step = 0; step < 6; step++) {
      const cells = cellsIn(state.doc)
      const tr = state.tr
      if (cells.length > 0 && random.chance(0.5)) {
        const before = state
        try {
          state = select(state, random.pick(cells), random.pick(cells))
        } catch {
          state = before // prosemirror-tables cannot select a cell under another one
        }
      } else if (random.chance(0.3)) {
        const nodes: number[] = []
        state.doc.descendants((node, pos) => {
          if (NodeSelection.isSelectable(node)) nodes.push(pos)
        })
        state = state.apply(
          tr.insertText('x', 1).setSelection(NodeSelection.create(tr.doc, random.pick(nodes) + 1)),
        )
      } else if (cells.length > 0) {
        const at = random.pick(cells)
        state = state.apply(tr.delete(at, at + (state.doc.nodeAt(at)?.nodeSize ?? 0)))
      }
      if (state.selection instanceof CellSelection) selections += 1
      const bookmark = state.selection.getBookmark()
      const edit = state.tr.insertText('y', 1)
      expect(bookmark.map(edit.mapping).resolve(edit.doc).$from.doc).toBe(edit.doc)
      state = state.apply(edit)
      state.doc.check()
    }
  }
  expect(selections).toBeGreaterThan(50)
})

test('the repairs of prosemirror-tables are refused', () => {
  const rowsAfterEdit = (plugins: Plugin[]): number[] => {
    const state = EditorState.create({ doc: ragged.node, plugins })
    const [a = 0] = cellsIn(state.doc)
    const { doc: after } = state.apply(state.tr.insertText('x', a + 2))
    return after.child(1).children.map(({ childCount }) => childCount)
  }
  expect(rowsAfterEdit([tableEditing()])).toEqual([2, 2])
  expect(rowsAfterEdit([tableGatePlugin(), tableEditing()])).toEqual([2, 1])
  expect(rowsAfterEdit([tableGatePlugin(), tableEditingPlugin()])).toEqual([2, 1])
})

test('what is ragged is so for both, but for widths', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { node } = doc(randomTable(createSeededRandom(seed)))
    expect(isRaggedByShape(node.child(0)), `seed ${seed}`).toBe(isRagged(node.child(0)))
  }
})

function randomTable(random: SeededRandom): Draft {
  return table(
    ...Array.from({ length: 1 + random.below(4) }, () =>
      row(
        ...Array.from({ length: random.below(4) }, (_, i) =>
          cell(String(i), { colspan: 1 + random.below(2), rowspan: 1 + random.below(3) }),
        ),
      ),
    ),
  )
}
