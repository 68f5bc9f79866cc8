// @vitest-environment jsdom
/** What somebody drags while a colleague types in it: a drop puts down what is there by then. */
import { doc, p } from '@quire/testkit'
import { NodeSelection, TextSelection } from 'prosemirror-state'
import { dropPoint } from 'prosemirror-transform'
import { expect, test } from 'vitest'
import { agreed, makePeers, type Peer, settle } from './peers.ts'

/** As prosemirror-view begins a drag of the selection. */
function beginDrag(peer: Peer): void {
  peer.view.dragging = { slice: peer.view.state.selection.content(), move: true }
}

/** As prosemirror-view drops what is dragged. */
function drop(peer: Peer, pos: number): void {
  const slice = peer.view.dragging?.slice
  if (!slice) throw new Error('nothing is dragged')
  peer.edit((tr) => {
    const at = dropPoint(tr.doc, pos, slice) ?? pos
    tr.deleteSelection()
    return tr.replaceRange(tr.mapping.map(at), tr.mapping.map(at), slice)
  })
  peer.view.dragging = null
}

test('a block that is dragged takes along what is typed into it on the way', () => {
  const start = doc(p('one'), p('two<b>'), p('three'))
  const [a, b] = makePeers(2, start) as [Peer, Peer]
  a.selectNode(5)
  expect(a.view.state.selection).toBeInstanceOf(NodeSelection)
  beginDrag(a)
  b.edit((tr) => tr.insertText(' and more', start.at['b']))
  settle([a, b])
  drop(a, a.content.content.size)
  settle([a, b])
  expect(agreed([a, b])).toEqual(['p one', 'p three', 'p two and more'])
  for (const peer of [a, b]) peer.close()
})

test('words that are dragged take along what is typed into them on the way', () => {
  const start = doc(p('one <a>two<b> three<z> four'), p('five'))
  const [a, b] = makePeers(2, start) as [Peer, Peer]
  a.select(start.at['a'] ?? 0, start.at['z'])
  expect(a.view.state.selection).toBeInstanceOf(TextSelection)
  beginDrag(a)
  b.edit((tr) => tr.insertText('!', start.at['b']))
  settle([a, b])
  drop(a, a.content.content.size - 1)
  settle([a, b])
  expect(agreed([a, b])).toEqual(['p one  four', 'p fivetwo! three'])
  for (const peer of [a, b]) peer.close()
})

test('what was dragged and is gone meanwhile is put down as it was', () => {
  const start = doc(p('one'), p('<a>two<z>'), p('three'))
  const [a, b] = makePeers(2, start) as [Peer, Peer]
  a.select(start.at['a'] ?? 0, start.at['z'])
  beginDrag(a)
  b.edit((tr) => tr.delete(start.at['a'] ?? 0, start.at['z'] ?? 0))
  settle([a, b])
  const held = a.view.dragging?.slice.content
  expect(held?.textBetween(0, held.size)).toBe('two')
  for (const peer of [a, b]) peer.close()
})
