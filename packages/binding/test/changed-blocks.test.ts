// @vitest-environment jsdom
/** Showing a colleague's change at the cost of the blocks that it changed. */
import { contentOf, schema } from '@quire/document'
import {
  bold,
  cell,
  code,
  createSeededRandom,
  divider,
  doc,
  drawEdit,
  h,
  image,
  li,
  p,
  row,
  table,
} from '@quire/testkit'
import { joinBackward, splitBlock } from 'prosemirror-commands'
import { afterEach, expect, test, vi } from 'vitest'
import { yBindingOf } from '../src/y-prosemirror.ts'
import { agreed, convert, makePeers, type Peer, placeOf, settle } from './peers.ts'
import { perform } from './perform-edit.ts'
import { Letters } from './survival.ts'
import { closePeers, two, type } from './two-peers.ts'

afterEach(closePeers)

const start = doc(
  h(1, 'Title'),
  p('alpha ', bold('beta'), ' gamma'),
  li('one'),
  table(row(cell('d'), cell('e')), row(cell('f'), cell('g'))),
  code('let x = 1'),
  image('/files/a.png'),
  divider,
  p('last'),
)

/** How often a peer's shared document has listed its blocks since the last time that it was asked. */
function listingsOf({ doc: shared }: Peer): () => number {
  const listed = vi.spyOn(contentOf(shared), 'toArray')
  return () => {
    const count = listed.mock.calls.length
    listed.mockClear()
    return count
  }
}

/** What is wrong with a view and its mapping, compared with the shared document read anew. */
function differenceIn(peer: Peer): string | undefined {
  const { content } = peer
  if (!convert(peer.doc).node.eq(content)) return 'the view is not what is shared'
  const mapping = yBindingOf(peer.view.state)?.mapping
  const root = contentOf(peer.doc)
  if (root.length === 0) return undefined
  if (mapping?.get(root) !== content) return 'the mapping has another document'
  const blocks = root.toArray() as Parameters<typeof mapping.get>[0][]
  const wrong = blocks.findIndex((block, i) => mapping.get(block) !== content.child(i))
  return wrong < 0 ? undefined : `the mapping has another block ${wrong}`
}

test('what colleagues do to a few blocks is shown without looking at the others', () => {
  const [a, b] = two(start)
  const listings = listingsOf(b)
  const edits: Readonly<Record<string, () => void>> = {
    'a letter': () => type(a, 'x', 'last'),
    'a letter in a cell': () => type(a, 'x', 'e'),
    'a mark': () => a.edit((tr) => tr.addMark(9, 12, schema.mark('italic'))),
    'a kind': () => a.edit((tr) => tr.setNodeAttribute(0, 'kind', 'quote')),
    'a new line': () => {
      a.select(placeOf(a.content, 'gamma'))
      a.run(splitBlock)
    },
    'a line joined': () => {
      a.select(placeOf(a.content, 'gamma'))
      a.run(joinBackward)
    },
    'a block dragged': () => {
      const size = a.content.child(0).nodeSize
      a.edit((tr) => tr.delete(0, size).insert(tr.doc.content.size, schema.node('divider')))
    },
    'a row of the table': () =>
      a.edit((tr) => tr.delete(placeOf(tr.doc, 'd') - 3, placeOf(tr.doc, 'f') - 3)),
    'two letters far apart': () =>
      a.edit((tr) => tr.insertText('y', placeOf(tr.doc, 'last')).insertText('y', 1)),
    undo: () => a.run(a.binding.undo),
  }
  for (const [what, edit] of Object.entries(edits)) {
    edit()
    listings()
    while (b.inbox.length > 0) b.deliver()
    expect(listings(), what).toBe(0)
    expect(differenceIn(b), what).toBeUndefined()
  }
  settle([a, b])
  agreed([a, b])
})

test('a change of very many blocks, and one that leaves none, is read as a whole', () => {
  const [a, b] = two(doc(...Array.from({ length: 50 }, (_, i) => p(`word ${i}`))))
  const listings = listingsOf(b)
  a.edit((tr) => tr.addMark(0, tr.doc.content.size, schema.mark('bold')))
  while (b.inbox.length > 0) b.deliver()
  expect(listings()).toBeGreaterThan(0)
  expect(differenceIn(b)).toBeUndefined()
  a.edit((tr) => tr.delete(0, tr.doc.content.size))
  settle([a, b])
  type(a, 'again', 1)
  settle([a, b])
  expect(agreed([a, b])).toEqual(['p again'])
})

test('the same blocks pasted several times are told apart', () => {
  const [a, b] = two(doc(p('one'), p('two')))
  const line = schema.node('block', null, schema.text('same'))
  b.edit((tr) => tr.insert(0, [line, line, line]))
  settle([a, b])
  type(a, 'X', a.content.child(0).nodeSize + 1)
  settle([a, b])
  expect(agreed([a, b])).toEqual(['p same', 'p Xsame', 'p same', 'p one', 'p two'])
})

test('whatever is done, view and mapping are what reading all of it would give', () => {
  let deliveries = 0
  let whole = 0
  for (let seed = 1; seed <= 4; seed++) {
    const random = createSeededRandom(seed)
    const letters = new Letters()
    const peers = makePeers(3, letters.in(start.node))
    const listings = peers.map(listingsOf)
    for (let step = 0; step < 60; step++) {
      const index = random.below(peers.length)
      const peer = peers[index] as Peer
      if (peer.inbox.length > 0 && random.chance(0.7)) {
        listings[index]?.()
        peer.deliver(random.chance(0.8) ? 0 : random.below(peer.inbox.length))
        deliveries += 1
        if ((listings[index]?.() ?? 0) > 0) whole += 1
        expect(differenceIn(peer), `seed ${seed}, step ${step}`).toBeUndefined()
      } else perform(peer, drawEdit(random, peer.content), letters)
    }
    settle(peers)
    agreed(peers)
    for (const peer of peers) peer.close()
  }
  // Most of it went the way that is tried here.
  expect(deliveries).toBeGreaterThan(50)
  expect(whole / deliveries).toBeLessThan(0.1)
})
