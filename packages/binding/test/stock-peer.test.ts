// @vitest-environment jsdom
/**
 * Somebody with y-prosemirror as it comes, and the same schema, writes beside us. Their edits are
 * limited to what y-prosemirror itself writes correctly; what it does not is among the traps in the README.
 */
import {
  createSeededRandom,
  doc,
  drawEdit,
  h,
  li,
  p,
  type RandomEdit,
  row,
  cell,
  table,
  task,
} from '@quire/testkit'
import { contentOf } from '@quire/document'
import { expect, test } from 'vitest'
import { agreed, makePeers, type Peer, placeOf, settle, settleAtRandom } from './peers.ts'
import { perform } from './perform-edit.ts'

const start = () =>
  doc(
    h(1, 'Title'),
    p('alpha beta gamma'),
    li('one'),
    task('two', { indent: 1 }),
    table(row(cell('a'), cell('b')), row(cell('c'), cell('d'))),
    p('last'),
  )

const theirs: ReadonlySet<RandomEdit['kind']> = new Set([
  'type',
  'delete',
  'blocks',
  'split',
  'join',
  'insert',
  'code',
  'undo',
  'redo',
])
/** Marks and line breaks are ours alone: y-prosemirror shows marks on breaks that the shared text does not hold. */
const ours = (edit: RandomEdit): boolean => edit.kind !== 'break' && edit.kind !== 'paste'

/** Ours first, then the stock one. */
function pair(): [Peer, Peer] {
  const [a, b] = makePeers(2, start(), { stock: (index) => index === 1 })
  if (!a || !b) throw new Error('two peers were made')
  return [a, b]
}

test('what either writes, the other shows', () => {
  const [a, b] = pair()
  a.edit((tr) => tr.insertText('our ', placeOf(tr.doc, 'beta')))
  b.edit((tr) => tr.insertText('their ', placeOf(tr.doc, 'gamma')))
  a.edit((tr) => tr.setNodeAttribute(placeOf(tr.doc, 'last') - 1, 'kind', 'quote'))
  settle([a, b])
  expect(agreed([a, b])).toEqual([
    'h1 Title',
    'p alpha our beta their gamma',
    '- one',
    '  [ ] two',
    '| a | b |',
    '| c | d |',
    '> last',
  ])
  a.close()
  b.close()
})

test('a block that we begin holds an empty text, which they see as an empty block and write in', () => {
  const [a, b] = pair()
  a.edit((tr) => tr.insert(tr.doc.content.size, tr.doc.type.schema.node('block')))
  settle([a, b])
  expect(contentOf(b.doc).toJSON()).toEqual(contentOf(a.doc).toJSON())
  b.edit((tr) => tr.insertText('begun', tr.doc.content.size - 1))
  a.edit((tr) => tr.insertText('I have ', tr.doc.content.size - 1))
  settle([a, b])
  expect(agreed([a, b]).at(-1)).toMatch(/^p (I have begun|begunI have )$/)
  a.close()
  b.close()
})

test('over many seeds both see the same valid document', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = createSeededRandom(seed)
    const peers = pair()
    const log: string[] = []
    try {
      for (let step = 0; step < 15; step++) {
        peers.forEach((peer, index) => {
          const edit = drawEdit(random, peer.content)
          if (index === 1 ? !theirs.has(edit.kind) : !ours(edit)) return
          log.push(`${peer.name} ${JSON.stringify(edit)}`)
          perform(peer, edit)
        })
        if (random.chance(0.4)) settleAtRandom(peers, random)
      }
      settleAtRandom(peers, random)
      agreed(peers)
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}\n${log.join('\n')}`, { cause: error })
    } finally {
      for (const peer of peers) peer.close()
    }
  }
})
