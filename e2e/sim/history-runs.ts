/**
 * Plans the replay of a concurrent trace. A run is a stretch that one agent wrote without reading
 * anybody and that nobody read in the middle: the unit in which the others get it.
 *
 * 1. Runs are in the order of the trace, so a run's ancestors come before it.
 * 2. What an agent has is always closed: with a run it has all ancestors of the run.
 */
import { assert, must } from '@quire/base'
import * as Y from 'yjs'
import type { ConcurrentTrace, Patch } from './trace-data.ts'

export interface Run {
  readonly index: number
  readonly agent: number
  /** Indexes of the runs that its author had read last. */
  readonly parents: readonly number[]
  /** Patches of each transaction. */
  readonly txns: readonly (readonly Patch[])[]
}

export function runsOf(trace: ConcurrentTrace): readonly Run[] {
  const childCounts = trace.txns.map(() => 0)
  for (const { parents } of trace.txns) {
    for (const parent of parents) childCounts[parent] = (childCounts[parent] ?? 0) + 1
  }
  const runs: { index: number; agent: number; parents: number[]; txns: (readonly Patch[])[] }[] = []
  const runOfTxn: number[] = []
  for (const [i, txn] of trace.txns.entries()) {
    const [parent] = txn.parents
    const goesOn =
      parent !== undefined &&
      parent === i - 1 &&
      txn.parents.length === 1 &&
      trace.txns[parent]?.agent === txn.agent &&
      childCounts[parent] === 1
    if (!goesOn) {
      runs.push({
        index: runs.length,
        agent: txn.agent,
        parents: txn.parents.map((index) => must(runOfTxn[index], 'parents come first')),
        txns: [],
      })
    }
    const run = must(runs.at(-1), 'there is a run')
    run.txns.push(txn.patches)
    runOfTxn.push(run.index)
  }
  return runs
}

/** What each agent has read and written, as run indexes. */
export class Readings {
  readonly #runs: readonly Run[]
  readonly #has = new Map<number, Set<number>>()

  constructor(runs: readonly Run[]) {
    this.#runs = runs
  }

  /** The ancestors of `run` that its author lacks, oldest first; they and the run count as had from now on. */
  lackingFor(run: Run): readonly number[] {
    const has = this.#of(run.agent)
    const lacking = this.#closure(run.parents, has)
    for (const index of lacking) {
      assert(this.#runs[index]?.agent !== run.agent, 'an agent has read what it wrote')
      has.add(index)
    }
    has.add(run.index)
    return lacking
  }

  /** Everything up to run `end` (exclusive) that the agent lacks, oldest first; counts as had from now on. */
  lackingBefore(agent: number, end: number): readonly number[] {
    const has = this.#of(agent)
    const lacking: number[] = []
    for (let index = 0; index < end; index++) {
      if (has.has(index)) continue
      lacking.push(index)
      has.add(index)
    }
    return lacking
  }

  #of(agent: number): Set<number> {
    const has = this.#has.get(agent) ?? new Set<number>()
    this.#has.set(agent, has)
    return has
  }

  #closure(parents: readonly number[], has: ReadonlySet<number>): readonly number[] {
    const found = new Set<number>()
    const open = [...parents]
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (has.has(index) || found.has(index)) continue
      found.add(index)
      open.push(...must(this.#runs[index], 'a run').parents)
    }
    return [...found].sort((a, b) => a - b)
  }
}

/** The root that replays write to. */
export function textOf(doc: Y.Doc): Y.Text {
  return doc.getText('trace')
}

/** Above the client id of the seed that a new document starts with: Yjs gives a client whose id it meets elsewhere another one. */
const firstClientId = 1_000

/** A document whose Yjs client id follows from the agent, so that every replay breaks ties alike. */
export function agentDoc(agent: number): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = firstClientId + agent
  return doc
}

export function applyPatches(doc: Y.Doc, patches: readonly Patch[]): void {
  const text = textOf(doc)
  doc.transact(() => {
    for (const [position, deleteCount, insert] of patches) {
      if (deleteCount > 0) text.delete(position, deleteCount)
      if (insert !== '') text.insert(position, insert)
    }
  })
}

/** Collects the updates that `doc` emits for its own edits while `edit` runs. */
export function updatesOf(doc: Y.Doc, edit: () => void): readonly Uint8Array[] {
  const updates: Uint8Array[] = []
  const listen = (update: Uint8Array): void => {
    updates.push(update)
  }
  doc.on('update', listen)
  try {
    edit()
  } finally {
    doc.off('update', listen)
  }
  return updates
}

/** One update for all of `updates`; without any, an update that holds nothing. */
export function mergedUpdate(updates: readonly Uint8Array[]): Uint8Array {
  return updates.length === 0 ? Uint8Array.of(0, 0) : Y.mergeUpdates([...updates])
}

/**
 * The same operations with Yjs alone: one document per agent, updates handed over directly. Returns
 * the text that holds everything up to each asked number of runs.
 */
export function plainReplay(
  trace: ConcurrentTrace,
  runs: readonly Run[],
  checkpoints: readonly number[],
): ReadonlyMap<number, string> {
  const readings = new Readings(runs)
  const docs = new Map(
    Array.from({ length: trace.agentCount }, (_, agent) => [agent, agentDoc(agent)] as const),
  )
  const lastRun = new Map(runs.map(({ agent, index }) => [agent, index]))
  const updates: Uint8Array[] = []
  const reader = new Y.Doc()
  const texts = new Map<number, string>()
  for (const run of runs) {
    if (checkpoints.includes(run.index)) texts.set(run.index, textOf(reader).toJSON())
    const doc = must(docs.get(run.agent), 'a document per agent')
    for (const index of readings.lackingFor(run)) {
      Y.applyUpdate(doc, must(updates[index], 'ancestors come first'))
    }
    const own = updatesOf(doc, () => {
      for (const patches of run.txns) applyPatches(doc, patches)
    })
    const merged = mergedUpdate(own)
    updates.push(merged)
    Y.applyUpdate(reader, merged)
    if (lastRun.get(run.agent) === run.index) docs.delete(run.agent)
  }
  texts.set(runs.length, textOf(reader).toJSON())
  return texts
}
