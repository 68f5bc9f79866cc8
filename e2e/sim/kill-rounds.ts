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
import { must } from '@quire/base'
import { createSeededRandom, type SeededRandom, until } from '@quire/testkit'
import { expect } from 'vitest'
import * as Y from 'yjs'
import {
  areEqual,
  type Client,
  freshJoiner,
  openClient,
  openStockClient,
  reconnectMsMax,
  type StockClient,
} from './client.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { mergedUpdate } from './history-runs.ts'
import type { ServerProcess } from './server-process.ts'

const document = 'kill'

export interface KillOptions {
  readonly seed: number
  readonly rounds: number
  /** Starts the server on the one store. */
  readonly start: () => Promise<ServerProcess>
  /** The document as the store has it, once the server has stopped. */
  readonly readStored: (document: string) => Promise<Y.Doc>
}

/** One who types words `<name><number>;` and scribbles elsewhere, and remembers what was acknowledged. */
interface Writer {
  readonly name: string
  readonly doc: Y.Doc
  wordCount: number
  /** Own updates in their order: what the status counts. Empty for a stock client, which is told nothing. */
  readonly updates: Uint8Array[]
  /** The first of them, as many as were acknowledged at the last kill, and their merged bytes. */
  acked: { readonly count: number; readonly merged: Uint8Array }
  readonly client: Client | undefined
  readonly stock: StockClient | undefined
}

function makeWriter(name: string, gateway: Gateway, kind: 'ours' | 'stock'): Writer {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  const isOurs = kind === 'ours'
  if (isOurs) {
    doc.on(
      'update',
      (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
        if (local) updates.push(update)
      },
    )
  }
  return {
    name,
    doc,
    wordCount: 0,
    updates,
    acked: { count: 0, merged: mergedUpdate([]) },
    client: isOurs ? openClient({ syncUrl: gateway.syncUrl, document, doc }) : undefined,
    stock: isOurs ? undefined : openStockClient(gateway.syncUrl, document, doc),
  }
}

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

/** How many of the writer's own updates it was told are saved. */
function ackedCount({ client, updates }: Writer): number {
  const status = must(client, 'only ours are told').provider.status
  return updates.length - ('unsaved' in status ? status.unsaved : 0)
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
    for (const { client, stock } of running.writers) {
      stock?.close()
      await client?.close()
    }
    await gateway.close()
    await running.server?.stop('SIGKILL')
  }
}

interface Running {
  server: ServerProcess | undefined
  writers: Writer[]
}

async function runRounds(
  { seed, rounds, start, readStored }: KillOptions,
  through: Gateway,
  running: Running,
): Promise<void> {
  const random = createSeededRandom(seed)
  console.log(`kill: seed ${seed}, ${rounds} rounds`)
  let server = await start()
  running.server = server
  through.openTo(server.port)
  const writers = [
    makeWriter('a', through, 'ours'),
    makeWriter('b', through, 'ours'),
    makeWriter('c', through, 'ours'),
    makeWriter('s', through, 'stock'),
  ]
  running.writers = writers
  const ours = writers.filter(({ client }) => client !== undefined)
  const isSettled = (): boolean =>
    writers.every(({ client, stock }) =>
      client
        ? client.provider.synced && client.provider.status.kind === 'saved'
        : stock?.provider.synced === true,
    ) && areEqual(writers.map(({ doc }) => doc))
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
      ours.every(
        ({ client }) =>
          client?.provider.synced === false || client?.provider.status.kind === 'offline',
      ),
    )
    // What is acknowledged cannot grow any more: nobody is connected.
    for (const writer of ours) {
      const count = ackedCount(writer)
      const fresh = writer.updates.slice(writer.acked.count, count)
      ackedTotal += fresh.length
      unsavedTotal += writer.updates.length - count
      writer.acked = { count, merged: mergedUpdate([writer.acked.merged, ...fresh]) }
    }

    server = await start()
    running.server = server
    const joined = await freshJoiner(server.syncUrl, document)
    const snapshot = Y.snapshot(joined)
    for (const { name, acked } of ours) {
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
    await until(`${label}: everybody is back and equal`, isSettled, reconnectMsMax)
    for (const writer of writers) {
      expect(
        wordsOf(must(ours[0], 'a writer').doc, writer.name),
        `${label}: words of ${writer.name}`,
      ).toEqual(Array.from({ length: writer.wordCount }, (_, n) => n))
    }
  }

  console.log(`kill: ${ackedTotal} edits acknowledged before a kill, ${unsavedTotal} not yet`)
  expect(ackedTotal, 'the run acknowledged something').toBeGreaterThan(rounds)
  await server.stop('SIGTERM')
  running.server = undefined
  expect(areEqual([await readStored(document), must(ours[0], 'a writer').doc])).toBe(true)
}
