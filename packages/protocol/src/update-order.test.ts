import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { defaultLimits, isResolvable, scanUpdate } from './index.ts'

/** What a letter stands behind, and in front of. */
interface Letter {
  readonly origin?: readonly [client: number, clock: number]
  readonly rightOrigin?: readonly [client: number, clock: number]
}

/** Letters of each client from `clock` on, one struct each. */
function lettersOf(
  clients: readonly { client: number; clock: number; letters: readonly Letter[] }[],
): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, clients.length)
  for (const { client, clock, letters } of [...clients].sort((a, b) => b.client - a.client)) {
    encoding.writeVarUint(encoder, letters.length)
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, clock)
    for (const { origin, rightOrigin } of letters) {
      encoding.writeUint8(encoder, 4 | (origin ? 0x80 : 0) | (rightOrigin ? 0x40 : 0))
      for (const [toClient, toClock] of [origin, rightOrigin].filter((id) => id !== undefined)) {
        encoding.writeVarUint(encoder, toClient)
        encoding.writeVarUint(encoder, toClock)
      }
      if (!origin && !rightOrigin) {
        encoding.writeVarUint(encoder, 1)
        encoding.writeVarString(encoder, 'text')
      }
      encoding.writeVarString(encoder, 'x')
    }
  }
  encoding.writeVarUint(encoder, 0)
  return encoding.toUint8Array(encoder)
}

test('[US8] what waits for itself is told from what Yjs can apply, with and without something known', () => {
  const seen = { applied: 0, pending: 0 }
  for (let seed = 1; seed <= 3_000; seed++) {
    const random = createSeededRandom(seed)
    const counts = Array.from({ length: 2 + random.below(3) }, () => 1 + random.below(6))
    const knownCounts = counts.map((count) => random.below(count + 1))
    /** A letter of anybody, but none that comes later in the same client. */
    const some = (client: number, clock: number, isKnown: boolean) => {
      const other = random.below(counts.length)
      const limits = isKnown ? knownCounts : counts
      const limit = other === client ? clock : (limits[other] ?? 0)
      return limit > 0 && random.chance(0.5) ? ([other, random.below(limit)] as const) : undefined
    }
    const all = counts.map((count, client) =>
      Array.from({ length: count }, (_, clock): Letter => {
        const isKnown = clock < (knownCounts[client] ?? 0)
        const [origin, rightOrigin] = isKnown
          ? []
          : [some(client, clock, false), some(client, clock, false)]
        return { ...(origin && { origin }), ...(rightOrigin && { rightOrigin }) }
      }),
    )
    const known = new Y.Doc()
    for (const [client, letters] of all.entries()) {
      const part = letters.slice(0, knownCounts[client])
      if (part.length > 0) Y.applyUpdate(known, lettersOf([{ client, clock: 0, letters: part }]))
    }
    expect(known.store.pendingStructs).toBe(null)
    const isWhole = random.chance(0.5)
    const update = lettersOf(
      all
        .map((letters, client) => {
          const clock = isWhole ? 0 : (knownCounts[client] ?? 0)
          return { client, clock, letters: letters.slice(clock) }
        })
        .filter(({ letters }) => letters.length > 0),
    )
    expect(scanUpdate(update, defaultLimits).kind).toBe('scanned')
    Y.applyUpdate(known, update)
    const isApplied = known.store.pendingStructs === null
    seen[isApplied ? 'applied' : 'pending'] += 1
    const isPossible = isResolvable(update, (client) => knownCounts[client] ?? 0)
    expect(isPossible, `seed ${seed}`).toBe(isApplied)
  }
  expect(seen.applied).toBeGreaterThan(300)
  expect(seen.pending).toBeGreaterThan(300)
})

test('[US8] what people write together is always one that Yjs can apply, all of it and what somebody lacks', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = createSeededRandom(seed)
    const docs = [1, 2, 3, 4].map((clientID) => {
      const doc = new Y.Doc()
      doc.clientID = clientID
      return doc
    })
    for (let step = 0; step < 150; step++) {
      const doc = random.pick(docs)
      const text = doc.getText('text')
      if (random.chance(0.2) && text.length > 3) text.delete(random.below(text.length - 2), 2)
      else text.insert(random.below(text.length + 1), 'abc'.slice(random.below(3)))
      const other = random.pick(docs)
      const lacks = Y.encodeStateVector(other)
      if (!random.chance(0.3) || other === doc) continue
      const known = Y.decodeStateVector(lacks)
      const update = Y.encodeStateAsUpdate(doc, lacks)
      expect(
        isResolvable(update, (client) => known.get(client) ?? 0),
        `seed ${seed}`,
      ).toBe(true)
      expect(
        isResolvable(Y.encodeStateAsUpdate(doc), () => 0),
        `seed ${seed}`,
      ).toBe(true)
      Y.applyUpdate(other, update)
    }
  }
})

test('[US8] a long chain through two clients is followed without recursion, in time that grows with its length', () => {
  const chain = (count: number) =>
    lettersOf([
      {
        client: 1,
        clock: 0,
        letters: Array.from({ length: count }, (_, clock) =>
          clock === 0 ? {} : { origin: [2, clock - 1] as const },
        ),
      },
      {
        client: 2,
        clock: 0,
        letters: Array.from({ length: count }, (_, clock) => ({ origin: [1, clock] as const })),
      },
    ])
  const timeOf = (update: Uint8Array): number => {
    const startMs = performance.now()
    expect(isResolvable(update, () => 0)).toBe(true)
    return performance.now() - startMs
  }
  const [short, long] = [chain(1_000), chain(60_000)]
  timeOf(short)
  // 60 times as long; were it squared, it would take 3,600 times as much.
  expect(timeOf(long)).toBeLessThan(60 * 20 * Math.max(1, timeOf(short)))
})
