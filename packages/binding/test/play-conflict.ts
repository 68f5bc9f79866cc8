/** Plays one conflict with two peers and says what both find. */
import { show } from '@quire/testkit'
import { differencesOf, makePeers, type Peer, type PeerOptions, problemsOf } from './peers.ts'
import type { Conflict, Ids } from './conflict-cases/conflict.ts'
import { perform } from './perform-edit.ts'

/** Who is told first of what the other did. */
export type First = 'A first' | 'B first'

export type Order = readonly [Ids, First]

export const orders: readonly Order[] = [
  ['below', 'A first'],
  ['below', 'B first'],
  ['above', 'A first'],
  ['above', 'B first'],
]

/** Exchanges after which two who answer each other are taken to have no end. */
const exchangesMax = 200

/** What the two have at one moment. */
export interface Found {
  /** What A sees. */
  readonly lines: readonly string[]
  /** Why that is not one valid document for both, in words; empty when it is. */
  readonly problems: readonly string[]
}

export interface Played {
  readonly after: readonly string[]
  /** When A and then B have undone. */
  readonly undone: readonly string[]
}

/** Throws when the two do not end with one valid document. */
export function play(conflict: Conflict, order: Order, options: PeerOptions = {}): Played {
  const { after, undone } = watch(conflict, order, options)
  const problems = [...after.problems, ...undone.problems]
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return { after: after.lines, undone: undone.lines }
}

/** Plays it to the end whatever happens; throws only when an edit cannot be made at all. */
export function watch(
  { before, first, a: ofA, b: ofB }: Conflict,
  [ids, told]: Order,
  options: PeerOptions = {},
): { readonly after: Found; readonly undone: Found } {
  const peers = makePeers(2, before, { captureMs: 500, ...options })
  try {
    const [low, high] = peers as [Peer, Peer]
    const [a, b] = ids === 'below' ? [low, high] : [high, low]
    const order = told === 'A first' ? [a, b] : [b, a]
    let isEndless = false
    const exchange = (): void => {
      // Again and again: words that arrive late are put in their place by an update of their own.
      for (let count = 0; order.some((receiver) => receiver.inbox.length > 0); count++) {
        if (count > exchangesMax) {
          isEndless = true
          return
        }
        for (const receiver of order) while (receiver.inbox.length > 0) receiver.deliver()
      }
    }
    const look = (): Found => ({
      lines: show(a.content),
      problems: [
        ...(isEndless ? ['they answer each other without end'] : []),
        ...peers.flatMap(problemsOf),
        ...differencesOf(peers),
      ],
    })
    if (first) {
      mustPerform(a, first(before.at))
      exchange()
      a.binding.stopCapturing()
    }
    mustPerform(a, ofA(before.at))
    mustPerform(b, ofB(before.at))
    exchange()
    const after = look()
    a.run(a.binding.undo)
    exchange()
    b.run(b.binding.undo)
    exchange()
    return { after, undone: look() }
  } finally {
    for (const peer of peers) peer.close()
  }
}

function mustPerform(peer: Peer, edit: Parameters<typeof perform>[1]): void {
  if (!perform(peer, edit)) throw new Error(`${peer.name} cannot ${JSON.stringify(edit)}`)
}
