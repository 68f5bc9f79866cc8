/**
 * What does storing cost? Quire's store beside y-leveldb and the SQLite extension of Hocuspocus: each in
 * a process of its own, on the same disk, one after the other. No server and no sockets: the stores alone.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { must } from '@quire/base'
import * as Y from 'yjs'
import { makeDataFolder, removeDataFolder } from '../../sim/data-folder.ts'
import { persistence } from '../config.ts'
import { measureFsync } from '../disk.ts'
import { buildPaperDocument } from '../documents/paper.ts'
import { type CaseResult, type GoalResult, median, type Row, rounded } from '../results.ts'
import { boundGoal, type Numbers } from '../rounds.ts'
import { hasPeers, isQuireBuilt } from '../subjects/subject.ts'

type Name = 'quire' | 'y-leveldb' | 'y-leveldb-synced' | 'hocuspocus-sqlite'
type Job = keyof typeof persistence.jobs | 'paper'

const what: Readonly<Record<Name, string>> = {
  quire:
    'the SQLite store of `@quire/persistence`: one commit for what waits, synced, with checksums',
  'y-leveldb': 'y-leveldb as it comes: nothing is synced, a power cut loses what was called stored',
  'y-leveldb-synced': 'y-leveldb with every write synced',
  'hocuspocus-sqlite':
    'the SQLite extension of Hocuspocus: each store writes the whole document and is synced',
}

/** Digits of each column. */
const columns = {
  updatesPerSecond: 0,
  openMsP50: 2,
  openAllMs: 0,
  diskMb: 1,
  largeKeyMs: 2,
  largeOpenMs: 0,
  largeDiskMb: 0,
  longUpdates: 0,
  longStoreMs: 0,
  longOpenMs: 0,
  longCompactMs: 0,
  longCompactedOpenMs: 1,
  longDiskMb: 1,
}

interface Round {
  readonly name: Name
  readonly job: Job
  readonly values: Numbers
}

export async function runPersistence(): Promise<CaseResult> {
  const { jobs, longPeerUpdateCount, roundCount, goal } = persistence
  const names: readonly Name[] = hasPeers()
    ? ['quire', 'y-leveldb', 'y-leveldb-synced', 'hocuspocus-sqlite']
    : ['quire']
  const rounds: Round[] = []
  const notes: string[] = []
  const measure = async (name: Name, job: Job, options: object): Promise<void> => {
    const values = await runJob(name, { job, ...options })
    rounds.push({ name, job, values })
    const shown = Object.entries(values).map(([column, value]) => `${column} ${rounded(value)}`)
    process.stdout.write(`  ${name} ${job}: ${shown.join(', ')}\n`)
  }
  const disk = makeDataFolder()
  const fsync = measureFsync(disk, 100)
  removeDataFolder(disk)
  for (let round = 0; round < roundCount; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      await measure(name, 'many', jobs.many)
      await measure(name, 'large', jobs.large)
    }
  }
  await measure('quire', 'long', jobs.long)
  if (names.includes('y-leveldb')) {
    await measure('y-leveldb', 'long', { ...jobs.long, updateCount: longPeerUpdateCount })
  }
  const { source, doc } = buildPaperDocument(persistence.madeEditCount)
  const place = makeDataFolder()
  const statePath = join(place, 'state')
  writeFileSync(statePath, Y.encodeStateAsUpdate(doc))
  await measure('quire', 'paper', { statePath, turnCount: persistence.paperTurnCount })
  removeDataFolder(place)

  const of = (name: Name, column: string): number =>
    median(
      rounds
        .filter((round) => round.name === name && column in round.values)
        .map(({ values }) => must(values[column], column)),
    )
  const rows = names.map(
    (subject): Row => ({
      subject,
      ...Object.fromEntries(
        Object.entries(columns).map(([column, digits]) => [
          column,
          shown(of(subject, column), digits),
        ]),
      ),
    }),
  )
  if (names.length === 1) notes.push('The peers are not installed; Quire ran alone.')
  notes.push(
    `fdatasync of 4 KB on this disk: p50 ${rounded(fsync.p50Ms)} ms, p95 ${rounded(fsync.p95Ms)} ms.`,
    `The paper: ${source}, compacted to ${of('quire', 'paperBytes')} bytes; ${rounded(of('quire', 'paperOpenMs'), 3)} ms from the store, ${rounded(of('quire', 'paperFileMs'), 3)} ms from a file.`,
  )
  const { many, large, long } = jobs
  return {
    name: 'persistence',
    question: `What storing costs: ${many.documentCount} documents of ${many.documentChars} characters, ${many.typistCount} of which are typed in; a document of ${large.megabytes} MB; one of ${long.updateCount} updates.`,
    method: [
      ...names.map((name) => `\`${name}\`: ${what[name]}.`),
      `Quire's store ran from its ${isQuireBuilt ? 'build' : 'sources'}.`,
      `updatesPerSecond: ${many.typistCount} documents with one key each on the way, the next when all are stored; ${many.measureMs / 1_000} s. open: reading a document, each once, in a new process' store, with what the system caches.`,
      `large: one more key into a document of ${large.megabytes} MB, reading it (Quire: compacted), and its size on disk. ${roundCount} rounds of these two in alternating order; medians.`,
      `long: updates of one key each, ${long.batchCount} to a commit; y-leveldb keeps fewer, for it decodes each at every open, and Hocuspocus none, for it keeps no updates. compact: reading, merging and verifying in a worker, and storing. One round.`,
      'An open of y-leveldb merges its updates; Quire answers the stored bytes, which a join sends as they are.',
    ],
    rows,
    goals: [
      timesGoal(
        'durable updates a second, of synced y-leveldb’s',
        of('quire', 'updatesPerSecond') / of('y-leveldb-synced', 'updatesPerSecond'),
        goal.durableTimesMin,
      ),
      timesGoal(
        'durable updates a second, of Hocuspocus’ SQLite extension’s',
        of('quire', 'updatesPerSecond') / of('hocuspocus-sqlite', 'updatesPerSecond'),
        goal.durableTimesMin,
      ),
      boundGoal(
        'open of the paper, of reading the file',
        of('quire', 'paperOpenMs') / of('quire', 'paperFileMs'),
        goal.paperRatioMax,
        '×',
      ),
    ],
    notes,
    rounds,
  }
}

/** Runs one job of one store in a process and a folder of its own. */
async function runJob(name: Name, options: object): Promise<Numbers> {
  const folder = makeDataFolder()
  mkdirSync(folder, { recursive: true })
  const script = name === 'quire' ? '../persistence/quire-store.mjs' : '../peers/peer-stores.mjs'
  const fromSource =
    name === 'quire' && !isQuireBuilt ? ['--conditions=source', '--import=tsx'] : []
  try {
    const args = [fileURLToPath(new URL(script, import.meta.url)), name]
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...fromSource, ...args, JSON.stringify({ ...options, folder })],
      { maxBuffer: 1024 * 1024 },
    )
    return JSON.parse(must(stdout.trim().split('\n').at(-1), 'a line of numbers')) as Numbers
  } finally {
    removeDataFolder(folder)
  }
}

const shown = (value: number, digits: number): number | string =>
  Number.isFinite(value) ? rounded(value, digits) : '–'

function timesGoal(label: string, times: number, min: number): GoalResult {
  const isKnown = Number.isFinite(times)
  return {
    goal: `≥ ${min}×`,
    measured: `${label}: ${isKnown ? `${rounded(times, 1)}×` : 'no comparison'}`,
    isMet: isKnown ? times >= min : undefined,
  }
}
