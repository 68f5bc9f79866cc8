import { schema } from '@quire/document'
import {
  cell,
  createSeededRandom,
  doc,
  type Draft,
  p,
  row,
  type SeededRandom,
  show,
  table,
  th,
} from '@quire/testkit'
import type { Node } from 'prosemirror-model'
import { EditorState } from 'prosemirror-state'
import { TableMap } from 'prosemirror-tables'
import { expect, test } from 'vitest'
import { isRegular, normalizeTable } from './table-shape.ts'

function mended(draft: Draft): Node {
  const tr = EditorState.create({ doc: doc(draft).node }).tr
  return normalizeTable(tr, 0).doc
}

test('a regular table is not changed', () => {
  const draft = table(row(th('a', { colspan: 2 }), th('b')), row(cell('c'), cell('d'), cell('e')))
  const tr = EditorState.create({ doc: doc(draft).node }).tr
  expect(normalizeTable(tr, 0).docChanged).toBe(false)
})

test('short rows get cells at their end, headers in a row of headers', () => {
  const draft = table(row(th('a')), row(cell('b'), cell('c'), cell('d')))
  expect(show(mended(draft))).toEqual(['| # a | # | # |', '| b | c | d |'])
})

test('a place that a longer span left open is filled where it is', () => {
  const draft = table(
    row(cell('a', { rowspan: 2 }), cell('b'), cell('c', { rowspan: 2 })),
    row(),
    row(cell('d'), cell('e'), cell('f')),
  )
  expect(show(mended(draft))).toEqual(['| (1x2) a | b | (1x2) c |', '|  |', '| d | e | f |'])
})

test('spans that would lie over other cells or hang out of the table are shortened', () => {
  const draft = table(
    row(cell('a'), cell('b', { rowspan: 9 })),
    row(cell('c', { colspan: 3, colwidth: [10, 20, 30] })),
  )
  expect(show(mended(draft))).toEqual(['| a | (1x2) b |', '| {colwidth=[10]} c |'])
})

test('a cell without a block gets one', () => {
  const draft = table(row(cell([]), cell([p('a')])))
  expect(show(mended(draft))).toEqual(['|  | a |'])
})

test('any table becomes one that prosemirror-tables has nothing to say about, and stays so', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = createSeededRandom(seed)
    const once = mended(randomTable(random))
    const problems = TableMap.get(once.child(0)).problems
    expect(problems, `seed ${seed}`).toBeNull()
    expect(isRegular(once.child(0)), `seed ${seed}`).toBe(true)
    const again = normalizeTable(EditorState.create({ doc: once }).tr, 0)
    expect(again.docChanged, `seed ${seed}`).toBe(false)
    once.check()
  }
})

function randomTable(random: SeededRandom): Draft {
  const rows = Array.from({ length: 1 + random.below(5) }, () =>
    row(
      ...Array.from({ length: random.below(5) }, () =>
        cell(random.pick(['', 'a']), {
          colspan: 1 + random.below(3),
          rowspan: 1 + random.below(3),
        }),
      ),
    ),
  )
  return table(...rows)
}

test('what is not a table is left alone', () => {
  const tr = EditorState.create({ schema, doc: doc(p('a')).node }).tr
  expect(normalizeTable(tr, 0).docChanged).toBe(false)
})
