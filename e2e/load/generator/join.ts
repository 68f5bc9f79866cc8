/** Joiners: sockets that have nothing, ask for a document, and leave when they have it. */
import * as Y from 'yjs'
import type { JoinOptions, JoinReport } from './commands.ts'
import { eventually } from './eventually.ts'
import { Extents } from './extent.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { LoadSocket } from './load-socket.ts'
import { RangeReader } from './update-ranges.ts'

interface Joiner {
  readonly socket: LoadSocket
  readonly known: Extents
  /** Whether everything was there with the first answer, after which clients call themselves synced. */
  isFirstAnswerWhole: boolean | undefined
  doneMs: number | undefined
}

export async function joinDocument(options: JoinOptions): Promise<JoinReport> {
  const { target, document, count, clocks, waitMsMax, wantsText } = options
  const reader = new RangeReader()
  const updates: Uint8Array[] = []
  const startMs = performance.now()
  const joiners = Array.from({ length: count }, (_, i): Joiner => {
    const socket = new LoadSocket({
      target,
      document,
      holds: undefined,
      onUpdate(update, isAnswer) {
        if (i === 0 && wantsText !== undefined) updates.push(Uint8Array.from(update))
        const ranges = reader.read(update)
        for (let r = 0; r < ranges.length; r += 3) {
          const [client = 0, from = 0, to = 0] = ranges.slice(r, r + 3)
          joiner.known.of(client).add(from, to)
        }
        const isDone = joiner.known.has(clocks)
        if (isAnswer) joiner.isFirstAnswerWhole ??= isDone
        if (isDone && joiner.isFirstAnswerWhole !== undefined) joiner.doneMs ??= performance.now()
      },
    })
    const joiner: Joiner = {
      socket,
      known: new Extents(),
      isFirstAnswerWhole: undefined,
      doneMs: undefined,
    }
    return joiner
  })
  await eventually(() => joiners.every(({ doneMs }) => doneMs !== undefined), waitMsMax)
  for (const { socket } of joiners) socket.raw.terminate()
  const latencies = new LatencyHistogram()
  for (const { doneMs } of joiners) if (doneMs !== undefined) latencies.add(doneMs - startMs)
  const bytesIn = joiners.reduce((sum, { socket }) => sum + socket.raw.bytesIn, 0)
  return {
    allMs: latencies.maxMs,
    p50Ms: latencies.percentile(0.5),
    failed: joiners.filter(({ doneMs }) => doneMs === undefined).length,
    answeredEmpty: joiners.filter(({ isFirstAnswerWhole }) => isFirstAnswerWhole === false).length,
    kilobytesEach: bytesIn / 1_000 / count,
    text: wantsText === undefined ? undefined : textOf(updates, wantsText),
  }
}

function textOf(updates: readonly Uint8Array[], root: string): string {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc.getText(root).toJSON()
}
