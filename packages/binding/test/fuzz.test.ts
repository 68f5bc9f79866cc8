// @vitest-environment jsdom
/**
 * Seeded fuzz: two to four editors at one document, every kind of edit, delivery in any order.
 *
 * `QUIRE_SEED` replays one round, `QUIRE_ROUNDS` asks for more of them (`npm run repro`, `npm run fuzz`);
 * both together: that many from that seed on.
 */
import {
  createSeededRandom,
  doc,
  drawEdit,
  h,
  image,
  li,
  ol,
  p,
  type RandomEdit,
} from '@quire/testkit'
import { bold, cell, code, divider, link, row, table, task, th } from '@quire/testkit'
import { expect, test } from 'vitest'
import { agreed, makePeers, type Peer, problemsOf, settleAtRandom } from './peers.ts'
import { perform } from './perform-edit.ts'

const seedGiven = process.env['QUIRE_SEED']
const firstSeed = Number(seedGiven ?? 1)
const roundCount = Number(process.env['QUIRE_ROUNDS'] ?? (seedGiven === undefined ? 1_000 : 1))
/** Rounds of one test: small enough to say soon where a long run stands. */
const batch = 100

const start = doc(
  h(1, 'Title'),
  p('alpha ', bold('beta'), ' gamma'),
  li('one'),
  ol('two', { indent: 1 }),
  task('three', { checked: true }),
  table(row(th('a'), th('b'), th('c')), row(cell('d'), cell('e'), cell('f'))),
  code('let x = 1'),
  image('/files/a.png'),
  divider,
  p('see ', link('https://quire.test/', 'there'), ' last'),
)

const done = new Map<RandomEdit['kind'], number>()

function round(seed: number): void {
  const random = createSeededRandom(seed)
  const peers = makePeers(2 + random.below(3), start, { captureMs: random.chance(0.5) ? 0 : 500 })
  const log: string[] = []
  try {
    for (let step = 0; step < 12; step++) {
      for (const peer of peers) {
        const edit = drawEdit(random, peer.content)
        log.push(`${peer.name} ${JSON.stringify(edit)}`)
        if (perform(peer, edit)) done.set(edit.kind, (done.get(edit.kind) ?? 0) + 1)
        // Looking converts the whole document: a replay looks after every edit, a run now and then.
        if (roundCount === 1 || (seed + step) % 5 === 0) check(peer)
      }
      if (random.chance(0.3)) deliverSome(peers, random, log)
    }
    settleAtRandom(peers, random)
    agreed(peers)
    // All of it taken back and put there again, with the others watching.
    const peer = random.pick(peers)
    while (peer.run(peer.binding.undo)) log.push(`${peer.name} undoes`)
    check(peer)
    while (peer.run(peer.binding.redo)) log.push(`${peer.name} redoes`)
    settleAtRandom(peers, random)
    agreed(peers)
  } catch (error) {
    const how = `seed ${seed}; replay with: npm run repro -- ${seed}`
    throw new Error(`${how}\n${String(error)}\n\n${log.slice(-20).join('\n')}`, { cause: error })
  } finally {
    for (const peer of peers) peer.close()
  }
}

function deliverSome(
  peers: readonly Peer[],
  random: ReturnType<typeof createSeededRandom>,
  log: string[],
) {
  for (const peer of peers) {
    for (let count = random.below(peer.inbox.length + 1); count > 0; count--) {
      const index = random.chance(0.8) ? 0 : random.below(peer.inbox.length)
      log.push(`${peer.name} receives #${index}`)
      peer.deliver(index)
    }
    check(peer)
  }
}

function check(peer: Peer): void {
  const problems = problemsOf(peer)
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

for (let from = 0; from < roundCount; from += batch) {
  const count = Math.min(batch, roundCount - from)
  const last = firstSeed + from + count - 1
  const name = count === 1 ? `seed ${last}` : `seeds ${firstSeed + from} to ${last}`
  test(`editors that edit anything in any order end with one valid document (${name})`, () => {
    for (let i = 0; i < count; i++) round(firstSeed + from + i)
  }, 600_000)
}

test.skipIf(roundCount < 1_000)('the rounds did enough of everything to mean something', () => {
  const rare: readonly RandomEdit['kind'][] = ['delete-all', 'redo', 'merge-cells', 'select-cells']
  const common: readonly RandomEdit['kind'][] = [
    ...(['type', 'delete', 'mark', 'blocks', 'code', 'split', 'join', 'move', 'insert'] as const),
    ...(['break', 'table', 'paste', 'select-node', 'undo'] as const),
  ]
  for (const kind of rare) expect(done.get(kind) ?? 0, kind).toBeGreaterThan(30)
  for (const kind of common) expect(done.get(kind) ?? 0, kind).toBeGreaterThan(100)
})
