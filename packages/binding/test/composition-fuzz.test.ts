// @vitest-environment jsdom
/**
 * Seeded rounds in which people compose with an input method while others edit the same lines, with
 * deliveries, time and ends of compositions in any order. Apart from the great fuzz, so that its seeds
 * go on meaning what they meant.
 *
 * `QUIRE_COMPOSE_SEED` replays one round, `QUIRE_COMPOSE_ROUNDS` asks for more of them.
 */
import {
  createManualClock,
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
} from '@quire/testkit'
import { expect, test } from 'vitest'
import { heldMsMax } from '../src/composition.ts'
import { heldLineOf } from '../src/held-line.ts'
import { yBindingOf } from '../src/y-prosemirror.ts'
import { compose, type Composer, send } from './composer.ts'
import { agreed, makePeers, type Peer, problemsOf } from './peers.ts'
import { perform } from './perform-edit.ts'
import { Letters, Survival } from './survival.ts'

const start = doc(
  h(1, 'Title'),
  p('alpha beta gamma'),
  li('one'),
  table(row(cell('d'), cell('e'))),
  p('last'),
)
const seedGiven = process.env['QUIRE_COMPOSE_SEED']
const firstSeed = Number(seedGiven ?? 1)
const roundCount = Number(process.env['QUIRE_COMPOSE_ROUNDS'] ?? (seedGiven === undefined ? 80 : 1))
const stepCount = 25

interface Played {
  readonly problems: readonly string[]
  /** Edits that met a held line, and what became of compositions. */
  readonly heldCount: number
  readonly composedCount: number
  readonly keptCount: number
}

/** `within`: edits that stay in their lines, after which no letter may be missing; `anything`: all of them. */
type Edits = 'within' | 'anything'

function play(seed: number, edits: Edits): Played {
  const random = createSeededRandom(seed)
  const clock = createManualClock()
  const letters = new Letters()
  const begin = letters.in(start.node)
  const peers = makePeers(2 + random.below(2), begin, { clock })
  const survival = new Survival(begin)
  const composers = new Map<Peer, Composer>()
  const log: string[] = []
  let heldCount = 0
  let composedCount = 0

  const isHeld = (peer: Peer): boolean => {
    const binding = yBindingOf(peer.view.state)
    return binding !== undefined && heldLineOf(binding) !== undefined
  }
  const check = (peer: Peer): void => {
    if (isHeld(peer)) return
    const problems = problemsOf(peer)
    if (problems.length > 0) throw new Error(problems.join('\n'))
  }
  const composing = (peer: Peer, composer: Composer): void => {
    const what = random.below(10)
    const text = letters.instead('ab'.slice(0, 1 + random.below(2)))
    log.push(`${peer.name} composes ${text} (${what})`)
    if (what < 6) {
      composer.update(text)
      return
    }
    composers.delete(peer)
    if (what < 8) composer.end(text)
    else if (what === 8) composer.cancel()
    else {
      composer.update(text)
      send(peer.view, 'blur')
    }
  }
  const placeToType = (peer: Peer): number => {
    for (;;) {
      const drawn = drawEdit(random, peer.content)
      if (drawn.kind === 'type') return drawn.at
    }
  }
  const edit = (peer: Peer): void => {
    const composer = composers.get(peer)
    if (composer && random.chance(0.8)) return composing(peer, composer)
    if (!composer && random.chance(0.4)) {
      const at = placeToType(peer)
      perform(peer, { kind: 'select', anchor: at, head: at })
      log.push(`${peer.name} begins to compose at ${peer.view.state.selection.head}`)
      composers.set(peer, compose(peer))
      composedCount += 1
      return
    }
    const drawn = drawEdit(random, peer.content)
    if (edits === 'within' && !isWithin(peer, drawn)) return
    const given: RandomEdit =
      drawn.kind === 'type' ? { ...drawn, text: letters.instead(drawn.text) } : drawn
    log.push(`${peer.name} ${JSON.stringify(given)}`)
    perform(peer, given, letters)
  }
  const deliver = (peer: Peer): void => {
    const index = random.chance(0.8) ? 0 : random.below(peer.inbox.length)
    log.push(`${peer.name} receives #${index}`)
    peer.deliver(index)
    if (isHeld(peer)) heldCount += 1
    check(peer)
  }

  try {
    for (let step = 0; step < stepCount; step++) {
      for (const peer of peers) {
        survival.around(
          () => peer.content,
          () => edit(peer),
        )
        check(peer)
        for (let count = random.below(3); count > 0 && peer.inbox.length > 0; count--) deliver(peer)
      }
      if (random.chance(0.2)) clock.advance(random.below(2 * heldMsMax))
    }
    for (const [peer, composer] of composers) {
      composer.end()
      // What a browser's turn would do.
      peer.edit((tr) => tr)
    }
    for (let waiting = peers; waiting.length > 0; ) {
      deliver(random.pick(waiting))
      waiting = peers.filter((peer) => peer.inbox.length > 0)
      if (waiting.length === 0) {
        // The one who moved a word brings late ones along.
        clock.advance(heldMsMax)
        for (const peer of peers) peer.edit((tr) => tr)
        waiting = peers.filter((peer) => peer.inbox.length > 0)
      }
    }
    agreed(peers)
    const problems = survival.problemsIn((peers[0] as Peer).content)
    return { problems, heldCount, composedCount, keptCount: survival.countOfKept }
  } catch (error) {
    throw new Error(`seed ${seed}, ${edits}\n${String(error)}\n\n${log.slice(-25).join('\n')}`, {
      cause: error,
    })
  } finally {
    for (const peer of peers) peer.close()
  }
}

const inLine: readonly RandomEdit['kind'][] = ['type', 'mark', 'blocks', 'break', 'select']

function isWithin({ content }: Peer, edit: RandomEdit): boolean {
  if (edit.kind !== 'delete') return inLine.includes(edit.kind)
  return edit.from > 0 && content.resolve(edit.from).sameParent(content.resolve(edit.to))
}

test.each(['within', 'anything'] as const)(
  'people who compose while others edit (%s) end with one valid document',
  (edits) => {
    let heldCount = 0
    let composedCount = 0
    let keptCount = 0
    const lost: string[] = []
    for (let i = 0; i < roundCount; i++) {
      const round = play(firstSeed + i, edits)
      heldCount += round.heldCount
      composedCount += round.composedCount
      keptCount += round.keptCount
      if (edits === 'within') {
        lost.push(
          ...round.problems
            .filter((problem) => /lost|times/.test(problem))
            .map((problem) => `seed ${firstSeed + i}: ${problem}`),
        )
      }
    }
    expect(lost).toEqual([])
    if (roundCount < 50) return
    // They did enough to mean something.
    expect(heldCount / roundCount).toBeGreaterThan(2)
    expect(composedCount / roundCount).toBeGreaterThan(5)
    expect(keptCount / roundCount).toBeGreaterThan(20)
  },
  300_000,
)
