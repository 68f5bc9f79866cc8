/**
 * Makes a failing round short: leaves out steps for as long as what is left still fails in the same way,
 * and says what is left and what each step changed. `QUIRE_SHRINK=<seed>` asks the fuzz test for it.
 */
import { createManualClock, type RandomEdit, show } from '@quire/testkit'
import type { Node } from 'prosemirror-model'
import { Composers, type Composing, isHeld } from './composing.ts'
import { endOfCompositions, endOfHolds, makeRound, passHolds } from './fuzz-round.ts'
import { differencesOf, makePeers, type Peer, problemsOf } from './peers.ts'
import { perform } from './perform-edit.ts'
import { Letters, Survival } from './survival.ts'

type Step =
  | { readonly peer: number; readonly edit: RandomEdit }
  | { readonly peer: number; readonly composes: Composing }
  | { readonly peer: number; readonly receives: number }
  | { readonly ends: 'compositions' | 'holds' }

interface Scene {
  readonly start: Node
  readonly count: number
  readonly captureMs: number
}

/** Deliveries after which everybody must have everything. */
const deliveriesMax = 400

export function shrinkRound(seed: number, forMs = 60_000): string {
  const { scene, steps } = recordedRound(seed)
  const first = play(scene, steps)
  if (first.length === 0) return `seed ${seed} does not fail when its steps are played again`
  let wanted = kindOf(first)
  const fails = (some: readonly Step[]): boolean => {
    const problems = play(scene, some)
    // Worse than anything else.
    if (kindOf(problems) === noEnd) wanted = noEnd
    return problems.some((problem) => kindOf([problem]) === wanted)
  }
  const until = performance.now() + forMs
  let left = steps
  for (let parts = 2; left.length >= 2 && performance.now() < until; ) {
    const size = Math.ceil(left.length / parts)
    const shorter = cuts(left, size).find((some) => performance.now() < until && fails(some))
    if (shorter) {
      left = shorter
      parts = Math.max(parts - 1, 2)
    } else {
      if (size === 1) break
      parts = Math.min(parts * 2, left.length)
    }
  }
  const lines: string[] = [
    `seed ${seed}: ${first[0]}`,
    ...show(scene.start).map((line) => `    ${line}`),
  ]
  const problems = play(scene, left, (words) => lines.push(words))
  return [...lines, ...problems].join('\n')
}

function* cutsOf(steps: readonly Step[], size: number): Generator<Step[]> {
  for (let i = 0; i < steps.length; i += size) {
    yield [...steps.slice(0, i), ...steps.slice(i + size)]
  }
}
const cuts = (steps: readonly Step[], size: number): Step[][] => [...cutsOf(steps, size)]

const noEnd = 'they answer each other without end'

/** What went wrong, without the letters and numbers of this time. */
const kindOf = ([problem = '']: readonly string[]): string =>
  (problem.split('\n')[0] ?? '').replace(/[\u3400-\u9fff]|[\ud800-\udfff]|\d+/g, '').slice(0, 30)

function recordedRound(seed: number): { readonly scene: Scene; readonly steps: Step[] } {
  const round = makeRound(seed, { looks: 'now and then' })
  const scene = {
    start: (round.peers[0] as Peer).content,
    count: round.peers.length,
    captureMs: round.captureMs,
  }
  try {
    for (const _step of round.steps);
  } catch {
    // What went wrong is found again by playing it.
  }
  const steps = round.log.map((line): Step => {
    if (line === endOfCompositions) return { ends: 'compositions' }
    if (line === endOfHolds) return { ends: 'holds' }
    const peer = line.charCodeAt(0) - 'A'.charCodeAt(0)
    const words = line.slice(2)
    if (words.startsWith('composes {')) {
      return { peer, composes: JSON.parse(words.slice('composes '.length)) as Composing }
    }
    if (words.startsWith('{')) return { peer, edit: JSON.parse(words) as RandomEdit }
    const receives = /receives #(\d+)/.exec(words)?.[1]
    if (receives !== undefined) return { peer, receives: Number(receives) }
    return { peer, edit: { kind: words === 'undoes' ? 'undo' : 'redo' } }
  })
  round.close()
  return { scene, steps }
}

function play(
  { start, count, captureMs }: Scene,
  steps: readonly Step[],
  say?: (words: string) => void,
): string[] {
  const letters = new Letters(12_000)
  const clock = createManualClock()
  const peers = makePeers(count, start, { captureMs, clock })
  const survival = new Survival(start)
  const composers = new Composers()
  const shown = new Map(peers.map((peer) => [peer, show(peer.content)]))
  const tell = (peer: Peer, words: string): void => {
    if (!say) return
    const [was, now] = [shown.get(peer) ?? [], show(peer.content)]
    shown.set(peer, now)
    const gone = was.filter((line) => !now.includes(line)).map((line) => `    - ${line}`)
    const come = now.filter((line) => !was.includes(line)).map((line) => `    + ${line}`)
    // A step may change no line, as a drag does; of what arrives at the end, what changes none says nothing.
    if (gone.length + come.length > 0 || words !== 'receives')
      say([`${peer.name} ${words}`, ...gone, ...come].join('\n'))
  }
  try {
    for (const step of steps) {
      if ('ends' in step) {
        if (step.ends === 'compositions') composers.endAll()
        else passHolds(clock, peers)
        say?.(`everybody: end of ${step.ends}`)
        continue
      }
      const peer = peers[step.peer] as Peer
      if ('edit' in step) {
        survival.around(
          () => peer.content,
          () => tryPerform(peer, step.edit, letters),
        )
        tell(peer, JSON.stringify(step.edit))
      } else if ('composes' in step) {
        if (placesOf(step.composes).some((pos) => isWithinSign(peer.content, pos))) continue
        survival.takeAway(composers.textOf(peer))
        survival.around(
          () => peer.content,
          () => composers.perform(peer, step.composes),
        )
        tell(peer, `composes ${JSON.stringify(step.composes)}`)
      } else if (step.receives < peer.inbox.length) {
        peer.deliver(step.receives)
        tell(peer, `receives #${step.receives}`)
      }
      // A round looks when everybody has everything, not only at its end.
      if (peers.every((one) => one.inbox.length === 0 && !isHeld(one))) {
        const problems = survival.problemsIn(peer.content)
        if (problems.length > 0) return problems
      }
    }
    composers.endAll()
    for (let deliveries = 0; peers.some(({ inbox }) => inbox.length > 0); ) {
      for (const peer of peers) {
        while (peer.inbox.length > 0) {
          deliveries += 1
          if (deliveries > deliveriesMax) return [noEnd]
          peer.deliver()
          tell(peer, 'receives')
        }
      }
    }
    return [
      ...peers.flatMap(problemsOf),
      ...differencesOf(peers),
      ...survival.problemsIn((peers[0] as Peer).content),
    ]
  } catch (error) {
    return [String(error)]
  } finally {
    for (const peer of peers) peer.close()
  }
}

/** Without the steps before it, an edit may not apply any more, or would cut a letter of two units in half. */
function tryPerform(peer: Peer, edit: RandomEdit, letters: Letters): void {
  try {
    if (placesOf(edit).some((pos) => isWithinSign(peer.content, pos))) return
    perform(peer, edit, letters)
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error
  }
}

const placesOf = (edit: RandomEdit | Composing): number[] =>
  (['at', 'from', 'to', 'sliceFrom', 'sliceTo', 'anchor', 'head'] as const).flatMap((name) => {
    const pos: unknown = Reflect.get(edit, name)
    return typeof pos === 'number' ? [pos] : []
  })

function isWithinSign(doc: Node, pos: number): boolean {
  const { textOffset, parent, parentOffset } = doc.resolve(pos)
  if (textOffset === 0) return false
  const unit = parent.textBetween(parentOffset - 1, parentOffset).charCodeAt(0)
  return unit >= 0xd800 && unit < 0xdc00
}
