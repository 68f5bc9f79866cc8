// @vitest-environment jsdom
/** Marks that one step sets on many blocks: written to the shared document, and shown to others. */
import { schema } from '@quire/document'
import { bold, cell, code, doc, p, row, table } from '@quire/testkit'
import { AddMarkStep, RemoveMarkStep } from 'prosemirror-transform'
import { expect, test } from 'vitest'
import { agreed, makePeers, type Peer, settle } from './peers.ts'

test('one step that marks everything reaches everybody, and undo takes it back', () => {
  const before = doc(p('one'), code('let x'), p('two ', bold('three')), table(row(cell('four'))))
  const peers = makePeers(2, before) as [Peer, Peer]
  const [a] = peers
  a.edit((tr) => tr.step(new AddMarkStep(0, tr.doc.content.size, schema.mark('bold'))))
  settle(peers)
  expect(agreed(peers)).toEqual(['p **one**', 'code "let x"', 'p **two three**', '| **four** |'])
  a.run(a.binding.undo)
  settle(peers)
  expect(agreed(peers)).toEqual(['p one', 'code "let x"', 'p two **three**', '| four |'])
  a.edit((tr) => tr.step(new RemoveMarkStep(0, tr.doc.content.size, schema.mark('bold'))))
  settle(peers)
  expect(agreed(peers)[2]).toBe('p two three')
  for (const peer of peers) peer.close()
})

test('a colleague goes on typing while everything is marked', () => {
  const before = doc(p('one<b>'), p('two'), p('three'))
  const peers = makePeers(2, before) as [Peer, Peer]
  const [a, b] = peers
  a.edit((tr) => tr.step(new AddMarkStep(0, tr.doc.content.size, schema.mark('italic'))))
  b.edit((tr) => tr.insertText(' more', before.at['b']))
  settle(peers)
  expect(agreed(peers).slice(1)).toEqual(['p _two_', 'p _three_'])
  expect(agreed(peers)[0]?.replaceAll('_', '')).toBe('p one more')
  for (const peer of peers) peer.close()
})
