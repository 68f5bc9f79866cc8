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
import { unreachable } from '@quire/base'
import { createSeededRandom, type SeededRandom, until } from '@quire/testkit'
import { expect } from 'vitest'
import * as Y from 'yjs'
import { areEqual, freshJoiner, openClient, openStockClient, reconnectMsMax } from './client.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { mergedUpdate } from './history-runs.ts'
import { type HocuspocusKind, openHocuspocusClient } from './hocuspocus-client.ts'
import type { ServerProcess } from './server-process.ts'

const document = 'kill'

/** Of which kind somebody's client is: ours, or an unmodified provider. */
export type WriterKind = 'ours' | 'y-websocket' | HocuspocusKind

export interface KillOptions {
  readonly seed: number
  readonly rounds: number
  readonly writers?: readonly WriterKind[]
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
  /** Own updates in their order. */
  readonly updates: Uint8Array[]
  /** The first of them, as many as were acknowledged at the last kill, and their merged bytes. */
  acked: { readonly count: number; readonly merged: Uint8Array }
  readonly connection: WriterConnection
}

/** What the rounds ask of a client, of whatever kind. */
interface WriterConnection {
  readonly isSynced: boolean
  /** Whether it believes that all it wrote is saved; true for one that is told nothing. */
  readonly isSaved: boolean
  /** How many of the writer's own updates, from the first, it was told are saved; undefined for one that is told nothing. */
  readonly savedCount: number | undefined
  /** Whether it has seen that nobody answers. */
  readonly isAway: boolean
  close(): Promise<void> | void
}

const writersDefault: readonly WriterKind[] = ['ours', 'ours', 'ours', 'y-websocket']

async function makeWriter(name: string, gateway: Gateway, kind: WriterKind): Promise<Writer> {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  // Before the provider listens: its own count then never knows of an update that is not in here.
  doc.on(
    'update',
    (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      if (local) updates.push(update)
    },
  )
  return {
    name,
    doc,
    wordCount: 0,
    updates,
    acked: { count: 0, merged: mergedUpdate([]) },
    connection: await connect(kind, gateway, doc, () => updates.length),
  }
}

async function connect(
  kind: WriterKind,
  { syncUrl }: Gateway,
  doc: Y.Doc,
  ownCount: () => number,
): Promise<WriterConnection> {
  switch (kind) {
    case 'ours': {
      const client = openClient({ syncUrl, document, doc })
      const { provider } = client
      return {
        get isSynced() {
          return provider.synced
        },
        get isSaved() {
          return provider.status.kind === 'saved'
        },
        get savedCount() {
          const { status } = provider
          return ownCount() - ('unsaved' in status ? status.unsaved : 0)
        },
        get isAway() {
          return !provider.synced || provider.status.kind === 'offline'
        },
        close: () => client.close(),
      }
    }
    case 'y-websocket': {
      const client = openStockClient(syncUrl, document, doc)
      const { provider } = client
      return {
        get isSynced() {
          return provider.synced
        },
        isSaved: true,
        savedCount: undefined,
        get isAway() {
          return !provider.wsconnected
        },
        close: () => client.close(),
      }
    }
    case 'hocuspocus 3':
    case 'hocuspocus 4': {
      const client = await openHocuspocusClient(kind, { url: syncUrl, document, doc }, ownCount)
      return {
        get isSynced() {
          return client.isConnected && client.isSynced
        },
        get isSaved() {
          return !client.hasUnsaved
        },
        get savedCount() {
          return client.savedCount
        },
        get isAway() {
          return !client.isConnected
        },
        close: () => client.close(),
      }
    }
    default:
      return unreachable(kind)
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

function wordsOf(doc: Y.Doc, name: string): number[] {
  const words = doc.getText('words').toJSON().split(';')
  return words
    .filter((word) => word.startsWith(name))
    .map((word) => Number(word.slice(name.length)))
}

/** For a message: who is where, and whether it has what the first has. */
function describe(writers: readonly Writer[]): string {
  const [first] = writers
  return JSON.stringify(
    writers.map(({ name, doc, updates, connection }) => ({
      name,
      isSynced: connection.isSynced,
      isSaved: connection.isSaved,
      savedCount: connection.savedCount,
      ownCount: updates.length,
      isEqual: first !== undefined && areEqual([first.doc, doc]),
    })),
  )
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
    writers.push(await makeWriter('abcdefgh'.charAt(i), through, kind))
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
