/**
 * What does the first reader of a large stored document cost after a start? The document is built
 * once, stored as one compacted snapshot, and asked for by a bare socket that has nothing.
 */
import { must } from '@quire/base'
import { createCompactor, openSqliteStore } from '@quire/persistence'
import { parseDocumentName } from '@quire/protocol'
import * as Y from 'yjs'
import { makeDataFolder, removeDataFolder } from '../../sim/data-folder.ts'
import { coldJoin } from '../config.ts'
import { type Generator, startGenerator } from '../generator/generator.ts'
import { quietCpuMs } from '../measure.ts'
import { buildPaperDocument, paperRoot } from '../documents/paper.ts'
import { type CaseResult, median, rounded } from '../results.ts'
import { chooseSubjects, type RunningSubject, type Subject } from '../subjects/subject.ts'

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

interface Stored {
  readonly clocks: ReadonlyMap<number, number>
  readonly text: string
}

const first = must(parseDocumentName('large-1'), 'a name')
const next = must(parseDocumentName('large-2'), 'a name')

export async function runColdJoin(): Promise<CaseResult> {
  const { source, doc, text } = buildPaperDocument(coldJoin.madeEditCount)
  const quire = must(chooseSubjects(['quire']).subjects[0], 'nobody left quire out')
  const clocks = Y.decodeStateVector(Y.encodeStateVector(doc))
  const data = makeDataFolder()
  const generator = startGenerator()
  try {
    const bytes = await storeCompacted(data, doc)
    const rounds: Round[] = []
    for (let i = 0; i < coldJoin.roundCount; i++) {
      const round = await runRound(quire, data, generator, { clocks, text })
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
    await generator.end()
    removeDataFolder(data)
  }
}

async function runRound(
  quire: Subject,
  data: string,
  generator: Generator,
  stored: Stored,
): Promise<Round> {
  const server = await quire.start(data)
  try {
    const firstJoin = await join(server, generator, first, stored)
    const nextJoin = await join(server, generator, next, stored)
    const before = await quietCpuMs(server)
    return {
      firstCpuMs: firstJoin.cpuMs,
      firstWallMs: firstJoin.wallMs,
      nextCpuMs: nextJoin.cpuMs,
      nextWallMs: nextJoin.wallMs,
      idleCpuMs: (await server.cpuMs()) - before,
    }
  } finally {
    await server.stop()
  }
}

/** Waits first until the server uses no CPU: start-up work would count as a join. */
async function join(
  server: RunningSubject,
  generator: Generator,
  document: string,
  { clocks, text }: Stored,
): Promise<{ readonly cpuMs: number; readonly wallMs: number }> {
  const before = await quietCpuMs(server)
  const { target } = server
  const joined = await generator.join({
    target,
    document,
    count: 1,
    clocks,
    waitMsMax: 20_000,
    wantsText: paperRoot,
  })
  const cpuMs = (await server.cpuMs()) - before
  if (joined.text !== text) throw new Error(`${document} did not arrive whole`)
  if (joined.answeredEmpty > 0) throw new Error(`${document} was called synced too early`)
  return { cpuMs, wallMs: joined.allMs }
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
