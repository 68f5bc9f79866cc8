/**
 * Rounds of kill -9: the server is killed with SIGKILL at a random moment under typing, again and again
 * on one store. The tests beside this say on which.
 *
 * Oracle, every round:
 * 1. Every update that was acknowledged to its author before the kill is in the document of a fresh
 *    joiner, who comes first after the restart, while everybody else is kept away.
 * 2. Then the others come back by themselves, and all copies become equal.
 * 3. Every word typed is there exactly once, in the order of its author.
 *
 * The seed decides what is typed and when to kill; the machine decides what is under way at that moment.
 */
import { createSeededRandom, type SeededRandom, until } from '@quire/testkit'
import { expect } from 'vitest'
import * as Y from 'yjs'
import { areEqual, freshJoiner, reconnectMsMax } from './client.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { mergedUpdate } from './history-runs.ts'
import { describe, makeWriter, type Writer, type WriterKind } from './kill-writers.ts'
import type { ServerProcess } from './server-process.ts'

const document = 'kill'

export interface KillOptions {
  readonly seed: number
  readonly rounds: number
  readonly writers?: readonly WriterKind[]
  /** Starts the server on the one store. */
  readonly start: () => Promise<ServerProcess>
  /** The document as the store has it, once the server has stopped. */
  readonly readStored: (document: string) => Promise<Y.Doc>
}

const writersDefault: readonly WriterKind[] = ['ours', 'ours', 'ours', 'y-websocket']

function write(writer: Writer, random: SeededRandom): void {
  const words = writer.doc.getText('words')
  if (random.chance(0.6)) {
    words.insert(words.length, `${writer.name}${writer.wordCount++};`)
    return
  }
  const scribble = writer.doc.getText('scribble')
  const position = random.below(scribble.length + 1)
  const deleteCount = random.chance(0.5)
    ? Math.min(random.below(12), scribble.length - position)
    : 0
  if (deleteCount > 0) scribble.delete(position, deleteCount)
  else scribble.insert(position, 'xyz'.slice(random.below(3)))
}

/** Starts typing at the writer's own pace; returns the stop. */
function type(writer: Writer, random: SeededRandom): () => void {
  let timer: NodeJS.Timeout
  const next = (): void => {
    timer = setTimeout(() => {
      for (let burst = random.below(2); burst >= 0; burst--) write(writer, random)
      next()
    }, 1 + random.below(40))
  }
  next()
  return () => clearTimeout(timer)
}

function wordsOf(doc: Y.Doc, name: string): number[] {
  const words = doc.getText('words').toJSON().split(';')
  return words
    .filter((word) => word.startsWith(name))
    .map((word) => Number(word.slice(name.length)))
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Runs the rounds; fails with the round and the seed in its message. Leaves no process behind. */
export async function killRounds(options: KillOptions): Promise<void> {
  const gateway = await startGateway()
  const running: Running = { server: undefined, writers: [] }
  try {
    await runRounds(options, gateway, running)
  } finally {
    for (const { connection } of running.writers) await connection.close()
    await gateway.close()
    await running.server?.stop('SIGKILL')
  }
}

interface Running {
  server: ServerProcess | undefined
  writers: Writer[]
}

async function runRounds(options: KillOptions, through: Gateway, running: Running): Promise<void> {
  const { seed, rounds, start, readStored } = options
  const random = createSeededRandom(seed)
  console.log(`kill: seed ${seed}, ${rounds} rounds`)
  let server = await start()
  running.server = server
  through.openTo(server.port)
  const kinds = options.writers ?? writersDefault
  const writers: Writer[] = []
  running.writers = writers
  for (const [i, kind] of kinds.entries()) {
    writers.push(await makeWriter('abcdefgh'.charAt(i), document, through, kind))
  }
  const [first] = writers
  if (!first) throw new Error('nobody writes')
  const isSettled = (): boolean =>
    writers.every(({ connection }) => connection.isSynced && connection.isSaved) &&
    areEqual(writers.map(({ doc }) => doc))
  await until('everybody joined', isSettled, reconnectMsMax)

  let ackedTotal = 0
  let unsavedTotal = 0
  for (let round = 1; round <= rounds; round++) {
    const label = `round ${round} of seed ${seed}`
    const stops = writers.map((writer) => type(writer, random.fork()))
    await pause(200 + random.below(800))
    await server.stop('SIGKILL')
    through.shut()
    const goOnOffline = random.chance(0.5)
    if (!goOnOffline) for (const stop of stops) stop()
    await until(`${label}: clients see that the server is gone`, () =>
      writers.every(({ connection }) => connection.isAway),
    )
    // What is acknowledged cannot grow any more: nobody is connected.
    for (const writer of writers) {
      const count = writer.connection.savedCount ?? 0
      const fresh = writer.updates.slice(writer.acked.count, count)
      ackedTotal += fresh.length
      unsavedTotal += writer.updates.length - count
      writer.acked = { count, merged: mergedUpdate([writer.acked.merged, ...fresh]) }
    }

    server = await start()
    running.server = server
    const joined = await freshJoiner(server.syncUrl, document)
    const snapshot = Y.snapshot(joined)
    for (const { name, acked } of writers) {
      const isThere = Y.snapshotContainsUpdate(snapshot, acked.merged)
      expect(isThere, `${label}: all ${acked.count} edits of ${name} that were acknowledged`).toBe(
        true,
      )
    }
    for (const { name } of writers) {
      const numbers = wordsOf(joined, name)
      expect(numbers, `${label}: words of ${name} after the restart`).toEqual(
        numbers.map((_, n) => n),
      )
    }

    through.openTo(server.port)
    for (const stop of stops) stop()
    await until(`${label}: everybody is back and equal`, isSettled, reconnectMsMax).catch(
      (error: unknown) => {
        throw new Error(`not settled: ${describe(writers)}`, { cause: error })
      },
    )
    for (const writer of writers) {
      expect(wordsOf(first.doc, writer.name), `${label}: words of ${writer.name}`).toEqual(
        Array.from({ length: writer.wordCount }, (_, n) => n),
      )
    }
  }

  console.log(`kill: ${ackedTotal} edits acknowledged before a kill, ${unsavedTotal} not yet`)
  expect(ackedTotal, 'the run acknowledged something').toBeGreaterThan(rounds)
  await server.stop('SIGTERM')
  running.server = undefined
  expect(areEqual([await readStored(document), first.doc])).toBe(true)
}
