/**
 * The load generator of `fan-out.ts`, a process of its own. Typists type into a Y.Doc each and send
 * the updates that Yjs makes; every socket counts what it gets, by client and clock, so a server that
 * merges updates into one frame is counted by what it delivered, not by frames.
 *
 * Started with the socket URL as its argument; reports to its parent by message.
 */
import { performance } from 'node:perf_hooks'
import { createSeededRandom } from '@quire/testkit'
import * as Y from 'yjs'
import { fanOut } from './config.ts'
import { openRawClient, type RawClient } from './raw-client.ts'
import { percentile } from './results.ts'

export type LoadMessage =
  | { readonly kind: 'measuring' }
  | {
      readonly kind: 'measured'
      readonly deliveries: number
      readonly expected: number
      readonly frames: number
      readonly p50Ms: number
      readonly p95Ms: number
      readonly p99Ms: number
      readonly busyShare: number
    }

const url = process.argv[2] ?? ''
const say = (message: LoadMessage): void => {
  process.send?.(message)
}

let isMeasuring = false
let deliveries = 0
let frames = 0
const latenciesMs: number[] = []
/** Times of sending by clock, for each typist's Yjs client id; undefined while warming up. */
const sentMs = new Map<number, Map<number, number>>()

/** `own`: the client id of the typist who receives; a merged frame may bring back what it typed. */
function count(update: Uint8Array, own: number): void {
  if (!isMeasuring) return
  frames += 1
  const nowMs = performance.now()
  const { from, to } = Y.parseUpdateMeta(update)
  for (const [client, end] of to) {
    if (client === own) continue
    for (let clock = from.get(client) ?? 0; clock < end; clock++) {
      const atMs = sentMs.get(client)?.get(clock)
      if (atMs === undefined) continue
      deliveries += 1
      latenciesMs.push(nowMs - atMs)
    }
  }
}

/** Typists are the first of the sockets; socket `i` has client id `firstClientId + i`. */
const firstClientId = 1_000

const clients: RawClient[] = []
for (let i = 0; i < fanOut.socketCount; i++) {
  clients.push(
    await openRawClient({
      url,
      onUpdate: (update, kind) => {
        if (kind === 'update') count(update, firstClientId + i)
      },
    }),
  )
}

const periodMs = 1_000 / fanOut.keysPerSecondEach
const random = createSeededRandom(1)
let sent = 0
const stops = clients.slice(0, fanOut.typistCount).map((client, i) => {
  const doc = new Y.Doc()
  doc.clientID = firstClientId + i
  const text = doc.getText('t')
  const times = new Map<number, number>()
  sentMs.set(doc.clientID, times)
  doc.on('update', (update: Uint8Array) => client.sendUpdate(update))
  const type = (): void => {
    if (isMeasuring) {
      times.set(text.length, performance.now())
      sent += 1
    }
    text.insert(text.length, 'abcdefghij klmnop'.charAt(random.below(17)))
  }
  let timer: NodeJS.Timeout
  const first = setTimeout(() => {
    timer = setInterval(type, periodMs)
  }, random.unit() * periodMs)
  return () => {
    clearTimeout(first)
    clearInterval(timer)
  }
})

setTimeout(() => {
  const loopBefore = performance.eventLoopUtilization()
  isMeasuring = true
  say({ kind: 'measuring' })
  setTimeout(() => {
    const busyShare = performance.eventLoopUtilization(loopBefore).utilization
    for (const stop of stops) stop()
    // The last keys are still under way; they belong to the measured work.
    setTimeout(() => {
      say({
        kind: 'measured',
        deliveries,
        expected: sent * (fanOut.socketCount - 1),
        frames,
        p50Ms: percentile(latenciesMs, 0.5),
        p95Ms: percentile(latenciesMs, 0.95),
        p99Ms: percentile(latenciesMs, 0.99),
        busyShare,
      })
      for (const { socket } of clients) socket.terminate()
      process.disconnect()
    }, 300)
  }, fanOut.measureMs)
}, fanOut.warmUpMs)
