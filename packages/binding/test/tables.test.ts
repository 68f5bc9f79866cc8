// @vitest-environment jsdom
/** Tables under many hands: `src/tables.ts`. What two edits of one table come to is in `conflict-cases/tables.ts`. */
import { doc, p } from '@quire/testkit'
import { NodeSelection } from 'prosemirror-state'
import { addColumnAfter, addRowAfter, deleteRow, mergeCells } from 'prosemirror-tables'
import { afterEach, describe, expect, test } from 'vitest'
import { tableCommand } from '../src/index.ts'
import { isRegular } from '../src/table-shape.ts'
import { agreed, type Peer, placeOf, settle } from './peers.ts'
import { closePeers, grid, two, type } from './two-peers.ts'

afterEach(closePeers)

describe('tables under two hands', () => {
  const sizes = (peer: Peer) => {
    const node = peer.content.children.find((child) => child.type.name === 'table')
    return node?.children.map((tableRow) => tableRow.childCount)
  }

  test('a table to which a row and a column were added at once stays as it is while both type, and the next command mends it', () => {
    const [a, b] = two(doc(grid(['a1', 'b1', 'c1'], ['a2', 'b2', 'c2']), p('after')))
    a.select(placeOf(a.content, 'a1'))
    a.run(tableCommand(addRowAfter))
    b.select(placeOf(b.content, 'a1'))
    b.run(tableCommand(addColumnAfter))
    settle([a, b])
    const ragged = sizes(a)
    expect(ragged).toEqual([4, 3, 4])
    for (let i = 0; i < 5; i++) {
      type(a, 'A', 'a1')
      type(b, 'B', 'after')
      settle([a, b])
    }
    expect(sizes(a)).toEqual(ragged)
    agreed([a, b])
    b.select(placeOf(b.content, 'b2'))
    b.run(tableCommand(addRowAfter))
    settle([a, b])
    expect(sizes(a)).toEqual([4, 4, 4, 4])
    agreed([a, b])
  })

  test('in a ragged table a row is selected, and a block or the table is moved', () => {
    const [a, b] = two(doc(grid(['a1', 'b1'], ['a2', 'b2']), p('after')))
    a.select(placeOf(a.content, 'a1'))
    a.run(tableCommand(addRowAfter))
    b.select(placeOf(b.content, 'a1'))
    b.run(tableCommand(addColumnAfter))
    settle([a, b])
    expect(sizes(a)).toEqual([3, 2, 3])
    const shortRow = 1 + (a.content.child(0).firstChild?.nodeSize ?? 0)
    a.edit((tr) =>
      tr
        .insertText('!', placeOf(tr.doc, 'after'))
        .setSelection(NodeSelection.create(tr.doc, shortRow)),
    )
    type(b, 'and ', 'a1')
    settle([a, b])
    const after = a.content.child(1)
    a.edit((tr) =>
      tr.delete(tr.doc.content.size - after.nodeSize, tr.doc.content.size).insert(0, after),
    )
    expect(a.view.state.selection).toBeInstanceOf(NodeSelection)
    const moved = a.content.child(1)
    a.edit((tr) => {
      tr.delete(tr.doc.content.size - moved.nodeSize, tr.doc.content.size).insert(0, moved)
      return tr.setSelection(NodeSelection.create(tr.doc, 0))
    })
    settle([a, b])
    expect(agreed([a, b]).at(-1)).toBe('p !after')
  })

  test('both mend the same ragged table at once, and it ends in one shape that stays', () => {
    const [a, b] = two(doc(grid(['a1', 'b1'], ['a2', 'b2']), p('after')))
    a.select(placeOf(a.content, 'a1'))
    a.run(tableCommand(addRowAfter))
    b.select(placeOf(b.content, 'a1'))
    b.run(tableCommand(addColumnAfter))
    settle([a, b])
    for (const peer of [a, b]) {
      peer.select(placeOf(peer.content, 'a2'))
      peer.run(tableCommand(addRowAfter))
    }
    settle([a, b])
    const after = agreed([a, b])
    type(a, 'A', 'after')
    type(b, 'B', 'after')
    settle([a, b])
    expect(agreed([a, b]).slice(0, -1)).toEqual(after.slice(0, -1))
  })

  test.each(['ab', 'ba'])('two merges that overlap (%s) lose no word', (order) => {
    const [a, b] = two(doc(grid(['a1', 'b1'], ['a2', 'b2']), p('after')))
    const merge = (peer: Peer, from: string, to: string): void => {
      peer.selectCells(placeOf(peer.content, from) - 2, placeOf(peer.content, to) - 2)
      peer.run(tableCommand(mergeCells))
    }
    merge(a, 'a1', 'b1')
    merge(b, 'b1', 'b2')
    for (const peer of order === 'ab' ? [a, b] : [b, a])
      while (peer.inbox.length > 0) peer.deliver()
    settle([a, b])
    const words = agreed([a, b]).join(' ')
    for (const word of ['a1', 'b1', 'a2', 'b2']) expect(words.split(word)).toHaveLength(2)
    // The next command makes it a table again.
    a.select(placeOf(a.content, 'a2'))
    a.run(tableCommand(addRowAfter))
    settle([a, b])
    agreed([a, b])
    const table = a.content.children.find((node) => node.type.name === 'table')
    expect(table && isRegular(table)).toBe(true)
  })

  test('a row is deleted while its cell is merged with the one above: the next command mends the table', () => {
    const [a, b] = two(doc(grid(['a1', 'b1'], ['a2', 'b2'], ['a3', 'b3']), p('after')))
    a.selectCells(placeOf(a.content, 'a1') - 2, placeOf(a.content, 'a2') - 2)
    a.run(tableCommand(mergeCells))
    b.select(placeOf(b.content, 'a2'))
    b.run(tableCommand(deleteRow))
    settle([a, b])
    expect(agreed([a, b]).join(' ')).toContain('a1')
    b.select(placeOf(b.content, 'a3'))
    b.run(tableCommand(addRowAfter))
    settle([a, b])
    const table = a.content.children.find((node) => node.type.name === 'table')
    expect(table && isRegular(table)).toBe(true)
    agreed([a, b])
  })
})
