// @vitest-environment jsdom
/** Attributes that one step sets on many blocks: written to the shared document, and shown to others. */
import { schema } from '@quire/document'
import { cell, code, doc, p, row, table } from '@quire/testkit'
import type { Node } from 'prosemirror-model'
import { afterEach, expect, test } from 'vitest'
import { setAttributesOfMany } from '../src/index.ts'
import { agreed, type Peer, placeOf, settle } from './peers.ts'
import { closePeers, two, type } from './two-peers.ts'

afterEach(closePeers)

const many = () =>
  doc(...Array.from({ length: 80 }, (_, i) => p(`word ${i}`)), table(row(cell('cell'))), code('x'))

function blocksIn(node: Node): number[] {
  const found: number[] = []
  node.descendants((child, pos) => {
    if (child.type === schema.nodes['block']) found.push(pos)
  })
  return found
}

function quoteAll(peer: Peer): void {
  peer.edit((tr) =>
    setAttributesOfMany(
      tr,
      blocksIn(tr.doc).map((pos) => ({ pos, attributes: { kind: 'quote', indent: 1 } })),
    ),
  )
}

const kindsOf = ({ content }: Peer): unknown[] => [
  ...new Set(blocksIn(content).map((pos) => content.nodeAt(pos)?.attrs['kind'] as unknown)),
]

test('a kind of all blocks reaches everybody, keeps carets, and undo takes it back', () => {
  const [a, b] = two(many())
  b.select(placeOf(b.content, 'word 40') + 2)
  const { head } = b.view.state.selection
  quoteAll(a)
  type(b, 'meanwhile ', 'word 50')
  settle([a, b])
  expect(kindsOf(b)).toEqual(['quote'])
  expect(b.view.state.selection.head).toBe(head)
  expect(agreed([a, b])[50]).toContain('meanwhile word 50')
  expect(b.content.lastChild?.type.name).toBe('code_block')
  a.run(a.binding.undo)
  settle([a, b])
  expect(kindsOf(b)).toEqual(['paragraph'])
  agreed([a, b])
})

test('it is written attribute by attribute, so two at once merge', () => {
  const [a, b] = two(many())
  quoteAll(a)
  b.edit((tr) =>
    setAttributesOfMany(
      tr,
      blocksIn(tr.doc).map((pos) => ({ pos, attributes: { align: 'right' } })),
    ),
  )
  settle([a, b])
  const { attrs } = a.content.child(3)
  expect([attrs['kind'], attrs['align']]).toEqual(['quote', 'right'])
  agreed([a, b])
})
