// @vitest-environment jsdom
/** Words typed into a block while somebody else moves its text elsewhere. */
import { cell, code, doc, p, row, show, table } from '@quire/testkit'
import { joinBackward } from 'prosemirror-commands'
import { mergeCells } from 'prosemirror-tables'
import { expect, test } from 'vitest'
import { tableCommand } from '../src/index.ts'
import { agreed, makePeers, type Peer, placeOf, settle } from './peers.ts'
import { perform } from './perform-edit.ts'

function pair(content: Parameters<typeof makePeers>[1]): [Peer, Peer] {
  const [a, b] = makePeers(2, content)
  if (!a || !b) throw new Error('two peers were made')
  return [a, b]
}
const typeAt = (peer: Peer, word: string, text: string, offset = word.length): void =>
  peer.edit((tr) => tr.insertText(text, placeOf(tr.doc, word) + offset))

test('a block is dragged while somebody types in it: the words go with the block', () => {
  const peers = pair(doc(p('one two'), p('next'), p('last')))
  const [a, b] = peers
  perform(a, { kind: 'move', index: 0, gap: 3 })
  typeAt(b, 'one', ', and a half,')
  typeAt(b, 'two', '!')
  typeAt(b, 'one', '>', 0)
  settle(peers)
  expect(agreed(peers)).toEqual(['p next', 'p last', 'p >one, and a half, two!'])
})

test('typing goes on letter by letter before the move arrives', () => {
  const peers = pair(doc(p('one'), p('next')))
  const [a, b] = peers
  perform(a, { kind: 'move', index: 0, gap: 2 })
  let word = 'one'
  for (const letter of ' more') {
    typeAt(b, word, letter)
    word += letter
  }
  settle(peers)
  expect(agreed(peers)).toEqual(['p next', 'p one more'])
})

test('two blocks are joined while somebody types in the second: nothing is lost', () => {
  const peers = pair(doc(p('First'), p('Second')))
  const [a, b] = peers
  a.select(8)
  a.run(joinBackward)
  typeAt(b, 'Second', ' more')
  typeAt(b, 'Second', '<', 0)
  settle(peers)
  expect(agreed(peers)).toEqual(['p First<Second more'])
})

test('an empty line is joined away while somebody begins to write in it', () => {
  const peers = pair(doc(p('First')))
  const [a, b] = peers
  a.edit((tr) => tr.insert(tr.doc.content.size, tr.doc.type.schema.node('block')))
  settle(peers)
  a.select(8)
  a.run(joinBackward)
  b.edit((tr) => tr.insertText('begun', tr.doc.content.size - 1))
  settle(peers)
  expect(agreed(peers)).toEqual(['p Firstbegun'])
})

test('a paragraph becomes code while somebody types in it', () => {
  const peers = pair(doc(p('let a'), p('next')))
  const [a, b] = peers
  perform(a, { kind: 'code', at: 2 })
  typeAt(b, 'let a', ' = 1')
  settle(peers)
  expect(agreed(peers)).toEqual(['code "let a = 1"', 'p next'])
})

test('cells are merged while somebody types in one of them', () => {
  const peers = pair(doc(table(row(cell('a'), cell('b')), row(cell('c'), cell('d')))))
  const [a, b] = peers
  a.selectCells(placeOf(a.content, 'a') - 2, placeOf(a.content, 'b') - 2)
  a.run(tableCommand(mergeCells))
  typeAt(b, 'b', ' typed')
  settle(peers)
  expect(agreed(peers)).toEqual(['| (2x1) a / b typed |', '| c | d |'])
})

test('a table is dragged while somebody types in a cell of it', () => {
  const peers = pair(doc(table(row(cell('a'), cell('b'))), code('x')))
  const [a, b] = peers
  perform(a, { kind: 'move', index: 0, gap: 2 })
  typeAt(b, 'b', ' typed')
  settle(peers)
  expect(agreed(peers)).toEqual(['code "x"', '| a | b typed |'])
})

test('a block is dragged twice before the words arrive', () => {
  const peers = pair(doc(p('one'), p('two'), p('three')))
  const [a, b] = peers
  typeAt(b, 'one', '!')
  perform(a, { kind: 'move', index: 0, gap: 3 })
  perform(a, { kind: 'move', index: 2, gap: 1 })
  settle(peers)
  expect(agreed(peers)).toEqual(['p two', 'p one!', 'p three'])
})

test('words that are typed into a block while somebody deletes it get a block in its place', () => {
  const peers = pair(doc(p('one'), p('two')))
  const [a, b] = peers
  a.edit((tr) => tr.delete(0, 5))
  typeAt(b, 'one', '!')
  settle(peers)
  expect(agreed(peers)).toEqual(['p !', 'p two'])
})

test('words that the one who deletes a block has seen stay deleted', () => {
  const peers = pair(doc(p('one'), p('two')))
  const [a, b] = peers
  typeAt(b, 'one', ' seen')
  settle(peers)
  a.edit((tr) => tr.delete(0, 10))
  typeAt(b, 'seen', '!')
  settle(peers)
  expect(agreed(peers)).toEqual(['p !', 'p two'])
})

test('undo of the one who moved takes the words of the other back with the block', () => {
  const peers = pair(doc(p('one'), p('two')))
  const [a, b] = peers
  perform(a, { kind: 'move', index: 0, gap: 2 })
  typeAt(b, 'one', ' by B')
  settle(peers)
  a.run(a.binding.undo)
  settle(peers)
  expect(agreed(peers)).toEqual(['p one by B', 'p two'])
})

test('somebody who sees both copies of words that two have moved, and deletes one, keeps the other', () => {
  const peers = makePeers(3, doc(p('one'), p('two'), p('last')))
  const [a, b, c] = peers as [Peer, Peer, Peer]
  perform(b, { kind: 'code', at: 2 })
  perform(c, { kind: 'move', index: 0, gap: 2 })
  a.deliver()
  a.deliver()
  expect(show(a.content)).toEqual(['code "one"', 'p two', 'p one', 'p last'])
  const copy = a.content.child(0).nodeSize + a.content.child(1).nodeSize
  a.edit((tr) => tr.delete(copy + 1, copy + 4))
  settle(peers)
  expect(agreed(peers).join(' ').match(/one/g)).toHaveLength(1)
})

test('a join is undone before the other one learns that its copy stays', () => {
  const peers = pair(doc(p('one'), p('two'), p('last')))
  const [a, b] = peers
  perform(a, { kind: 'move', index: 1, gap: 3 })
  perform(b, { kind: 'join', at: 6 })
  b.deliver()
  b.run(b.binding.undo)
  settle(peers)
  expect(agreed(peers).join(' ').match(/two/g)).toHaveLength(1)
})

test('words that are typed into a new row stay when somebody who has not seen it deletes the table', () => {
  const peers = makePeers(3, doc(p('before'), table(row(cell('a'))), p('after')))
  const [a, b, c] = peers as [Peer, Peer, Peer]
  perform(a, { kind: 'table', at: placeOf(a.content, 'a'), edit: 'addRowAfter' })
  b.deliver()
  typeAt(b, 'a', 'typed', 5)
  perform(c, { kind: 'table', at: placeOf(c.content, 'a'), edit: 'deleteTable' })
  settle(peers)
  expect(agreed(peers)).toEqual(['p before', 'p typed', 'p after'])
})
