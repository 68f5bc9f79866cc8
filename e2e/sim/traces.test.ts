/**
 * Recorded sessions through real clients over real sockets to the real server.
 *
 * Concurrent traces: one client per recorded agent, each with its own socket and a gate in it
 * (`gate.ts`). Before an agent writes a run, its gate delivers exactly the runs it had read when it was
 * recorded; branches that it had not seen stay outside, although the server relayed them long ago. One
 * run is written at a time, and the next one begins when every gate has received it: states are waited
 * for, never time. The server is stopped and started in the middle.
 *
 * Sequential traces: one client, every recorded edit an edit of its own, 20 of them in a transaction.
 */
import { must } from '@quire/base'
import { createSeededRandom, until } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Client, freshJoiner, openClient, reconnectMsMax } from './client.ts'
import { makeDataFolder, removeDataFolder } from './data-folder.ts'
import { Broadcast, Gate } from './gate.ts'
import {
  agentDoc,
  applyPatches,
  plainReplay,
  Readings,
  type Run,
  runsOf,
  textOf,
  updatesOf,
} from './history-runs.ts'
import { makeConcurrentTrace } from './made-trace.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import {
  type ConcurrentTrace,
  type Patch,
  readConcurrentTrace,
  readSequentialTrace,
  traceFolder,
} from './trace-data.ts'

const document = 'trace'
const patchesPerTransaction = 20
/** A client that types faster than the server stores waits for acknowledgements beyond this. */
const unsavedMax = 200

interface Agent {
  readonly gate: Gate
  readonly client: Client
}

let data: string | undefined
let server: ServerProcess | undefined
let clients: Client[] = []

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()))
  clients = []
  await server?.stop('SIGTERM')
  server = undefined
  if (data !== undefined) removeDataFolder(data)
}, 60_000)

async function start(): Promise<ServerProcess> {
  data = makeDataFolder()
  server = await startServerProcess({ data })
  return server
}

/** Stops the server in order and starts it on the same folder and port. */
async function restart(running: ServerProcess): Promise<void> {
  expect(await running.stop('SIGTERM')).toBe(0)
  server = await startServerProcess({ data: must(data, 'a folder'), port: running.port })
}

async function replay(trace: ConcurrentTrace, endContent: string | undefined): Promise<void> {
  const runs = runsOf(trace)
  const middle = Math.floor(runs.length / 2)
  const expected = plainReplay(trace, runs, [middle])
  const running = await start()

  const agents: Agent[] = []
  for (let agent = 0; agent < trace.agentCount; agent++) {
    const gate = new Gate()
    const client = openClient({
      syncUrl: running.syncUrl,
      document,
      doc: agentDoc(agent),
      webSocket: gate.webSocket,
    })
    clients.push(client)
    agents.push({ gate, client })
  }
  await Promise.all(clients.map((client) => client.saved()))

  const readings = new Readings(runs)
  for (const run of runs) {
    if (run.index === middle) {
      await restart(running)
      await Promise.all(clients.map((client) => client.saved()))
      const joined = await freshJoiner(running.syncUrl, document)
      expect(textOf(joined).toJSON()).toBe(expected.get(middle))
    }
    await writeRun(run, agents, readings)
  }

  const end = must(expected.get(runs.length), 'the text of the plain replay')
  if (endContent !== undefined) expect(end).toBe(endContent)
  for (const [agent, { gate, client }] of agents.entries()) {
    gate.release(readings.lackingBefore(agent, runs.length))
    const isEqual = textOf(client.doc).toJSON() === end
    expect(isEqual, `agent ${agent} ends with the same text`).toBe(true)
    await client.saved()
    // Two hundred whole documents are gigabytes.
    await client.close()
  }
  const joined = await freshJoiner(running.syncUrl, document)
  expect(textOf(joined).toJSON()).toBe(end)
}

async function writeRun(run: Run, agents: readonly Agent[], readings: Readings): Promise<void> {
  const author = must(agents[run.agent], 'an agent of the trace')
  author.gate.release(readings.lackingFor(run))
  const updates = updatesOf(author.client.doc, () => {
    for (const patches of run.txns) applyPatches(author.client.doc, patches)
  })
  const others = agents.filter((agent) => agent !== author).map(({ gate }) => gate)
  const broadcast = new Broadcast(updates, others)
  for (const gate of others) gate.expect(run.index, broadcast)
  await within(broadcast.everywhere, () => `run ${run.index}: ${broadcast.lateCount} gates wait`)
  for (const gate of others) gate.expectNothing()
}

function within(promise: Promise<void>, what: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`in vain: ${what()}`)), reconnectMsMax)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

async function typeAll(patches: readonly Patch[], endContent: string): Promise<void> {
  const running = await start()
  const client = openClient({ syncUrl: running.syncUrl, document })
  clients.push(client)
  await client.saved()
  const middle = Math.floor(patches.length / 2 / patchesPerTransaction) * patchesPerTransaction
  for (let i = 0; i < patches.length; i += patchesPerTransaction) {
    if (i === middle) await restart(running)
    applyPatches(client.doc, patches.slice(i, i + patchesPerTransaction))
    await until(
      `the server keeps up at edit ${i}: ${JSON.stringify(client.provider.status)}`,
      () => !('unsaved' in client.provider.status) || client.provider.status.unsaved < unsavedMax,
      reconnectMsMax,
    )
  }
  await client.saved()
  expect(textOf(client.doc).toJSON() === endContent, 'the client has the recorded text').toBe(true)
  const joined = await freshJoiner(running.syncUrl, document)
  expect(textOf(joined).toJSON() === endContent, 'a fresh joiner has the recorded text').toBe(true)
  expect(Y.encodeStateVector(joined).length).toBeGreaterThan(1)
}

const seed = Number(process.env['QUIRE_SEED'] ?? 20_260)

test.each([2, 3])(
  `a made session of %i people ends equal everywhere (seed ${seed})`,
  async (agentCount) => {
    const random = createSeededRandom(seed + agentCount)
    await replay(makeConcurrentTrace(random, { agentCount, txnCount: 600 }), undefined)
  },
)

test(`a made session of one person ends with its text (seed ${seed})`, async () => {
  const random = createSeededRandom(seed)
  const trace = makeConcurrentTrace(random, { agentCount: 1, txnCount: 4_000 })
  const runs = runsOf(trace)
  const end = must(plainReplay(trace, runs, []).get(runs.length), 'a text')
  await typeAll(
    trace.txns.flatMap(({ patches }) => patches),
    end,
  )
})

const folder = traceFolder()

test.skipIf(folder === undefined).each(['friendsforever', 'node_nodecc-a1'])(
  'the recorded concurrent session %s ends with the recorded text everywhere',
  async (name) => {
    const trace = readConcurrentTrace(must(folder, 'trace data'), name)
    await replay(trace, trace.endContent)
  },
)

test
  .skipIf(folder === undefined)
  .each(['automerge-paper', 'friendsforever_flat', 'sveltecomponent'])(
  'the recorded session %s ends with the recorded text',
  async (name) => {
    const { patches, endContent } = readSequentialTrace(must(folder, 'trace data'), name)
    await typeAll(patches, endContent)
  },
)
