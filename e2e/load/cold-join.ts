/**
 * What does the first reader of a large stored document cost after a start? The document is built
 * once, stored as one compacted snapshot, and asked for by a bare socket that has nothing.
 */
import { pathToFileURL, fileURLToPath } from 'node:url'
import { must } from '@quire/base'
import { createCompactor, openSqliteStore } from '@quire/persistence'
import { parseDocumentName } from '@quire/protocol'
import { createSeededRandom } from '@quire/testkit'
import * as Y from 'yjs'
import { makeDataFolder, removeDataFolder } from '../sim/data-folder.ts'
import { applyPatches, textOf } from '../sim/history-runs.ts'
import { startServerProcess } from '../sim/server-process.ts'
import { type Patch, readSequentialTrace, traceFolder } from '../sim/trace-data.ts'
import { coldJoin } from './config.ts'
import { openRawClient } from './raw-client.ts'
import { type CaseResult, median, rounded } from './results.ts'

interface Round {
  /** The first join of anything in this process: upgrade, database and protocol code run for the first time too. */
  readonly firstCpuMs: number
  /** From connecting to holding all content, at the client. */
  readonly firstWallMs: number
  /** A second document, as large and as cold, in the process that has joined somebody before. */
  readonly nextCpuMs: number
  readonly nextWallMs: number
  /** What the process uses in the same time without a join. */
  readonly idleCpuMs: number
}

interface Joined {
  readonly cpuMs: number
  readonly wallMs: number
}

const probe = pathToFileURL(fileURLToPath(new URL('./cpu-probe.mjs', import.meta.url))).href
const first = must(parseDocumentName('large-1'), 'a name')
const next = must(parseDocumentName('large-2'), 'a name')

export async function runColdJoin(): Promise<CaseResult> {
  const { source, doc } = buildDocument()
  const text = textOf(doc).toJSON()
  const data = makeDataFolder()
  try {
    const bytes = await storeCompacted(data, doc)
    const rounds: Round[] = []
    for (let i = 0; i < coldJoin.roundCount; i++) {
      const round = await runRound(data, text)
      rounds.push(round)
      process.stdout.write(
        `  round ${i + 1}: first join ${rounded(round.firstCpuMs)} ms CPU, next cold document ${rounded(round.nextCpuMs)} ms\n`,
      )
    }
    const of = (column: keyof Round): number => rounded(median(rounds.map((r) => r[column])))
    return {
      name: 'cold-join',
      question: `CPU of the server for the first join of a large stored document after a start (${source}; ${bytes} bytes stored).`,
      method: [
        'The document is one compacted snapshot in SQLite. The server is started anew for each round; a bare socket with an empty document asks for everything and is done when all content is there.',
        'CPU: the whole process (storage worker included) by its own getrusage, from before the socket connects until the content is there. `first` is the first join in the process, with all code cold; `next` is a second document, as large and as cold, after it.',
        `${coldJoin.roundCount} rounds, medians.`,
      ],
      rows: [
        { join: 'first', cpuMs: of('firstCpuMs'), wallMs: of('firstWallMs') },
        { join: 'next', cpuMs: of('nextCpuMs'), wallMs: of('nextWallMs') },
        { join: 'none (idle)', cpuMs: of('idleCpuMs'), wallMs: '' },
      ],
      goal: `≤ ${coldJoin.goalCpuMsMax} ms`,
      isMet: of('firstCpuMs') <= coldJoin.goalCpuMsMax,
      measured: `${of('firstCpuMs')} ms CPU for the first join, ${of('nextCpuMs')} ms for the next cold document`,
      notes: [],
      rounds,
    }
  } finally {
    removeDataFolder(data)
  }
}

async function runRound(data: string, text: string): Promise<Round> {
  const server = await startServerProcess({ data, probe })
  try {
    await quiet(() => server.cpuMs())
    const firstJoin = await join(server.syncUrl, first, text, () => server.cpuMs())
    await quiet(() => server.cpuMs())
    const nextJoin = await join(server.syncUrl, next, text, () => server.cpuMs())
    const before = await quiet(() => server.cpuMs())
    const idleCpuMs = (await server.cpuMs()) - before
    return {
      firstCpuMs: firstJoin.cpuMs,
      firstWallMs: firstJoin.wallMs,
      nextCpuMs: nextJoin.cpuMs,
      nextWallMs: nextJoin.wallMs,
      idleCpuMs,
    }
  } finally {
    await server.stop('SIGTERM')
  }
}

/** Resolves with the CPU time when the process has stopped using any: start-up work would count as a join. */
async function quiet(cpuMs: () => Promise<number>): Promise<number> {
  for (let before = await cpuMs(); ; ) {
    await new Promise<void>((resolve) => setTimeout(resolve, 250))
    const now = await cpuMs()
    if (now - before < 1.5) return now
    before = now
  }
}

async function join(
  syncUrl: string,
  document: string,
  text: string,
  cpuMs: () => Promise<number>,
): Promise<Joined> {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  const before = await cpuMs()
  const startMs = performance.now()
  let arrived: () => void = () => undefined
  const all = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const client = await openRawClient({
    url: `${syncUrl}/${document}`,
    onUpdate(update, kind) {
      updates.push(update.slice())
      if (kind === 'step2') arrived()
    },
  })
  await all
  const wallMs = performance.now() - startMs
  const after = await cpuMs()
  for (const update of updates) Y.applyUpdate(doc, update)
  client.socket.terminate()
  if (textOf(doc).toJSON() !== text) throw new Error(`${document} did not arrive whole`)
  return { cpuMs: after - before, wallMs }
}

function buildDocument(): { readonly source: string; readonly doc: Y.Doc } {
  const folder = traceFolder()
  const doc = new Y.Doc()
  const patches = folder ? readSequentialTrace(folder, 'automerge-paper').patches : makePatches()
  for (const patch of patches) applyPatches(doc, [patch])
  const source = folder ? 'the recorded automerge-paper session' : 'a made session'
  return { source: `${source}, ${patches.length} edits`, doc }
}

/** Edits of one person who types at a place for a while, deletes now and then, and moves on. */
function makePatches(): readonly Patch[] {
  const random = createSeededRandom(1)
  const patches: Patch[] = []
  let length = 0
  let position = 0
  while (patches.length < coldJoin.madeEditCount) {
    if (random.chance(0.02)) position = random.below(length + 1)
    if (position > 0 && random.chance(0.3)) {
      patches.push([--position, 1, ''])
      length -= 1
    } else {
      patches.push([position++, 0, 'abcdefghij klmnop'.charAt(random.below(17))])
      length += 1
    }
  }
  return patches
}

/** Stores the document twice, each as one snapshot; returns its bytes. */
async function storeCompacted(folder: string, doc: Y.Doc): Promise<number> {
  const store = await openSqliteStore({ folder })
  const compactor = createCompactor()
  try {
    const update = Y.encodeStateAsUpdate(doc)
    for (const document of [first, next]) {
      await store.append([{ document, updates: [update] }])
      const stored = await store.open(document)
      const snapshot = await compactor.compact({
        snapshot: stored.snapshot,
        tail: stored.tail,
      })
      await store.compact(document, snapshot, 0)
    }
    return must((await store.open(first)).snapshot, 'it was compacted').update.length
  } finally {
    await compactor.close()
    await store.close()
  }
}
