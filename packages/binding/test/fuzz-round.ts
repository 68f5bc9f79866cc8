/**
 * One round of the fuzz: two to five editors at one document, every kind of edit, delivery in any
 * order, all drawn from one seed. A generator, so that the playground can play it step by step; the
 * test plays it in one go.
 *
 * What must hold: every view equals its shared document and is valid, and all end with the same one.
 * Whether every letter that somebody typed is where it belongs (`survival.ts`) is told by the round: with
 * five people who split, join and drag the same blocks at once, some are not yet.
 */
import { schema } from '@quire/document'
import {
  bold,
  cell,
  code,
  createManualClock,
  createSeededRandom,
  divider,
  doc,
  drawEdit,
  h,
  image,
  li,
  link,
  type ManualClock,
  newerInstead,
  ol,
  p,
  type RandomEdit,
  row,
  table,
  task,
  th,
} from '@quire/testkit'
import type { Node } from 'prosemirror-model'
import { Composers, type Composing, drawComposing, isHeld } from './composing.ts'
import { heldMsMax } from '../src/composition.ts'
import { agreed, convert, makePeers, type Peer, type PeerOptions, problemsOf } from './peers.ts'
import { perform } from './perform-edit.ts'
import { Letters, Survival } from './survival.ts'

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

/** More than any round lasts: on a slow machine, too, edits that may be one step of undo are one. */
const capturesAllMs = 3_600_000

/** What a round says when all that is composed is chosen. */
export const endOfCompositions = 'everybody ends their composition'
/** And when so much time passes that no line is held any more. */
export const endOfHolds = 'everybody sees what was held'
/** In which part of all rounds people compose with input methods, too. */
const composingShare = 0.2
const firstComposingSeed = 2 ** 31
/** In which part people also use what came after the first release. */
const newerShare = 0.2
const firstNewerSeed = 2 ** 30

/** Deliveries after which everybody must have everything. A round has some hundreds. */
const deliveriesMax = 5_000

export interface RoundOptions extends PeerOptions {
  /** How often documents are compared: looking converts them, which costs more than an edit. */
  readonly looks: 'always' | 'now and then'
  /** Whether a letter that is lost or astray ends the round; by default it is told in `strays`. */
  readonly isStrict?: boolean
}

export interface Round {
  readonly peers: readonly Peer[]
  readonly captureMs: number
  /** What has been done, in words; grows as the round is played. */
  readonly log: readonly string[]
  /** How often each kind of edit was done. */
  readonly done: ReadonlyMap<RandomEdit['kind'], number>
  /** What is wrong with letters that nobody took away, in words; grows as the round is played. */
  readonly strays: ReadonlySet<string>
  /** Whether people compose with input methods in this round, and how often they did something with one. */
  readonly isComposing: boolean
  readonly composedCount: number
  /** Letters that nobody took away. */
  readonly keptCount: number
  /** Each step is said before it is taken. Throws what is wrong, with the seed. */
  readonly steps: Generator<string, void>
  close(): void
}

export function makeRound(seed: number, options: RoundOptions): Round {
  const random = createSeededRandom(seed)
  const letters = new Letters()
  const begin = letters.in(start.node)
  const count = 2 + random.below(4)
  const captureMs = random.chance(0.5) ? 0 : capturesAllMs
  // Apart, so that other rounds are what they would be without.
  const composing = createSeededRandom(seed + firstComposingSeed)
  const isComposing = composing.chance(composingShare)
  const newer = createSeededRandom(seed + firstNewerSeed)
  const hasNewer = newer.chance(newerShare)
  const clock = createManualClock()
  const peers = makePeers(count, begin, {
    captureMs,
    ...(isComposing && { clock }),
    ...options,
    // Input methods write into what is drawn.
    ...(isComposing && { isDrawn: true }),
  })
  const composers = new Composers()
  const survival = new Survival(begin)
  const log: string[] = []
  const done = new Map<RandomEdit['kind'], number>()
  const strays = new Set<string>()
  let composedCount = 0
  const byHand = <T>(peer: Peer, edit: () => T): T => survival.around(() => peer.content, edit)
  /** Undo takes away what was typed here, also where a held line does not show it. */
  const stepBack = (peer: Peer, edit: () => boolean): boolean => {
    if (!isHeld(peer)) return byHand(peer, edit)
    const before = convert(peer.doc).node
    const isDone = byHand(peer, edit)
    survival.takeAway(lettersGone(before, convert(peer.doc).node))
    return isDone
  }

  function* say(words: string): Generator<string, void> {
    log.push(words)
    yield words
  }

  function* edits(): Generator<string, void> {
    for (let step = 0; step < 12; step++) {
      for (const peer of peers) {
        const drawnEdit = drawEdit(random, peer.content)
        const known = hasNewer ? newerInstead(newer, drawnEdit) : drawnEdit
        const edit = withNewLetters(known, letters)
        const composed = isComposing && drawn(peer, edit)
        if (composed) {
          yield* say(`${peer.name} composes ${JSON.stringify(composed)}`)
          survival.takeAway(composers.textOf(peer))
          if (byHand(peer, () => composers.perform(peer, composed))) composedCount += 1
        } else {
          yield* say(`${peer.name} ${JSON.stringify(edit)}`)
          const isBack = edit.kind === 'undo' || edit.kind === 'redo'
          const isDone = (isBack ? stepBack : byHand)(peer, () => perform(peer, edit, letters))
          if (isDone) done.set(edit.kind, (done.get(edit.kind) ?? 0) + 1)
        }
        if (options.looks === 'always' || (seed + step) % 6 === 0) check(peer)
      }
      if (random.chance(0.3)) yield* deliverSome()
    }
    yield* endCompositions()
    yield* settle()
    // All of it taken back and put there again, with the others watching.
    const peer = random.pick(peers)
    yield* repeat(peer, 'undo')
    check(peer)
    yield* repeat(peer, 'redo')
    yield* settle()
  }

  const drawn = (peer: Peer, edit: RandomEdit): Composing | undefined =>
    drawComposing(composing, edit, composers.has(peer), (text) => letters.instead(text))

  function* endCompositions(): Generator<string, void> {
    if (!isComposing) return
    yield* say(endOfCompositions)
    composers.endAll()
  }

  /** Whether a line was still held, by a composition that a browser broke off without saying so: time ends that. */
  function* letGo(): Generator<string, boolean> {
    if (!peers.some(isHeld)) return false
    yield* say(endOfHolds)
    passHolds(clock, peers)
    return true
  }

  function* repeat(peer: Peer, what: 'undo' | 'redo'): Generator<string, void> {
    const can = () => (what === 'undo' ? peer.binding.canUndo() : peer.binding.canRedo())
    while (can()) {
      yield* say(`${peer.name} ${what}es`)
      byHand(peer, () => peer.run(peer.binding[what]))
    }
  }

  function* deliverSome(): Generator<string, void> {
    for (const peer of peers) {
      for (let count = random.below(peer.inbox.length + 1); count > 0; count--) {
        const index = random.chance(0.8) ? 0 : random.below(peer.inbox.length)
        yield* say(`${peer.name} receives #${index}`)
        peer.deliver(index)
      }
      if (options.looks === 'always' || seed % 3 === 0) check(peer)
    }
  }

  function* settle(): Generator<string, void> {
    for (let count = 0; ; count++) {
      if (count > deliveriesMax) throw new Error('they answer each other without end')
      const waiting = peers.filter((peer) => peer.inbox.length > 0)
      if (waiting.length === 0 && (yield* letGo())) continue
      if (waiting.length === 0) break
      const peer = random.pick(waiting)
      const index = random.below(peer.inbox.length)
      yield* say(`${peer.name} receives #${index}, at the end`)
      peer.deliver(index)
    }
    agreed(peers)
    const problems = survival.problemsIn((peers[0] as Peer).content)
    if (options.isStrict) throwAny(problems)
    for (const problem of problems) strays.add(problem)
  }

  function* steps(): Generator<string, void> {
    try {
      yield* edits()
    } catch (error) {
      const how = `seed ${seed}; replay with: npm run repro -- ${seed}`
      throw new Error(`${how}\n${String(error)}\n\n${log.slice(-20).join('\n')}`, { cause: error })
    }
  }

  return {
    peers,
    captureMs,
    log,
    done,
    strays,
    isComposing,
    get composedCount() {
      return composedCount
    },
    get keptCount() {
      return survival.countOfKept
    },
    steps: steps(),
    close: () => peers.forEach((peer) => peer.close()),
  }
}

/** So much time that no line is held any more. */
export function passHolds(clock: ManualClock, peers: readonly Peer[]): void {
  clock.advance(heldMsMax)
  for (const peer of peers) peer.edit((tr) => tr)
}

/** Plays a whole round; throws what is wrong. */
export function playRound(seed: number, options: RoundOptions): Round {
  const round = makeRound(seed, options)
  try {
    for (const _step of round.steps);
  } finally {
    round.close()
  }
  return round
}

/** What `before` has and `after` has not. */
function lettersGone(before: Node, after: Node): string {
  const left = new Set(after.textContent)
  return Array.from(before.textContent)
    .filter((letter) => !left.has(letter))
    .join('')
}

function withNewLetters(edit: RandomEdit, letters: Letters): RandomEdit {
  if (edit.kind === 'type') return { ...edit, text: letters.instead(edit.text) }
  if (edit.kind !== 'insert') return edit
  return { ...edit, node: letters.in(schema.nodeFromJSON(edit.node)).toJSON() }
}

function check(peer: Peer): void {
  if (isHeld(peer)) return
  throwAny(problemsOf(peer))
}

function throwAny(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'))
}
