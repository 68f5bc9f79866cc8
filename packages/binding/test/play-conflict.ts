/** Plays one conflict with two peers and says what both find. */
import { agreed, makePeers, type Peer, type PeerOptions } from './peers.ts'
import type { Conflict, Ids } from './conflict-cases/conflict.ts'
import { perform } from './perform-edit.ts'

/** Who is told first of what the other did. */
export type First = 'A first' | 'B first'

export const orders: readonly (readonly [Ids, First])[] = [
  ['below', 'A first'],
  ['below', 'B first'],
  ['above', 'A first'],
  ['above', 'B first'],
]

export interface Played {
  readonly after: readonly string[]
  /** When A and then B have undone. */
  readonly undone: readonly string[]
}

/** Throws when the two do not end with one valid document. */
export function play(
  { before, first, a: ofA, b: ofB }: Conflict,
  [ids, told]: readonly [Ids, First],
  options: PeerOptions = {},
): Played {
  const peers = makePeers(2, before, { captureMs: 500, ...options })
  try {
    const [low, high] = peers as [Peer, Peer]
    const [a, b] = ids === 'below' ? [low, high] : [high, low]
    const order = told === 'A first' ? [a, b] : [b, a]
    const exchange = (): void => {
      // Again and again: words that arrive late are put in their place by an update of their own.
      while (order.some((receiver) => receiver.inbox.length > 0)) {
        for (const receiver of order) while (receiver.inbox.length > 0) receiver.deliver()
      }
    }
    if (first) {
      mustPerform(a, first(before.at))
      exchange()
      a.binding.stopCapturing()
    }
    mustPerform(a, ofA(before.at))
    mustPerform(b, ofB(before.at))
    exchange()
    const after = agreed(peers)
    a.run(a.binding.undo)
    exchange()
    b.run(b.binding.undo)
    exchange()
    return { after, undone: agreed(peers) }
  } finally {
    for (const peer of peers) peer.close()
  }
}

function mustPerform(peer: Peer, edit: Parameters<typeof perform>[1]): void {
  if (!perform(peer, edit)) throw new Error(`${peer.name} cannot ${JSON.stringify(edit)}`)
}
