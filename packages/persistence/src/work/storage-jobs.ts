/**
 * The jobs that need to know nothing but Yjs: what a store's own bytes are worth, and other forms of
 * them. What people wrote is `@quire/document`'s to read; an app adds those jobs to its entry module.
 */
import * as Y from 'yjs'
import {
  compactDocument,
  encodeDeleteSet,
  equals,
  loadUpdates,
  updatesOf,
} from '../compact-document.ts'
import { CompactionError } from '../compaction.ts'
import type { Snapshot } from '../store.ts'
import { type PackedRows, unpackRows } from './packed-rows.ts'

/** A document in one piece, in Yjs' V2 encoding: about half the size of V1. */
export interface PackedState {
  readonly state: Uint8Array
  readonly stateVector: Uint8Array
}

/** The snapshot beside the rows that it stands before, for `verify`. */
export interface ToVerify {
  readonly rows: PackedRows
  /** What is stored beside the snapshot; undefined without one. */
  readonly beside: { readonly stateVector: Uint8Array; readonly deleteSet: Uint8Array } | undefined
}

/** The snapshot that equals the rows. Throws {@link CompactionError}. */
function compact(rows: PackedRows): Snapshot {
  return compactDocument(unpackRows(rows))
}

/** The whole document as a version keeps it: loaded again, it is equal. Throws {@link CompactionError}. */
function pack(rows: PackedRows): PackedState {
  const doc = loadUpdates(updatesOf(unpackRows(rows)))
  const state = Y.encodeStateAsUpdateV2(doc)
  const stateVector = Y.encodeStateVector(doc)
  const again = new Y.Doc({ gc: true })
  Y.applyUpdateV2(again, state)
  const isEqual =
    equals(stateVector, Y.encodeStateVector(again)) &&
    equals(encodeDeleteSet(doc), encodeDeleteSet(again))
  again.destroy()
  doc.destroy()
  if (!isEqual) throw new CompactionError('unequal', 'the state does not load as its rows do')
  return { state, stateVector }
}

/** What is wrong with the content of a document, as sentences; none when it loads as a whole and its snapshot is what it says. */
function verify({ rows, beside }: ToVerify): string[] {
  const problems: string[] = []
  const { snapshot, tail } = unpackRows(rows)
  if (snapshot && beside) {
    const doc = loaded([snapshot.update], `snapshot ${snapshot.number}`, problems)
    if (doc && !equals(beside.stateVector, Y.encodeStateVector(doc))) {
      problems.push(`the state vector of snapshot ${snapshot.number} is not its own`)
    }
    if (doc && !equals(beside.deleteSet, encodeDeleteSet(doc))) {
      problems.push(`the delete set of snapshot ${snapshot.number} is not its own`)
    }
  }
  if (tail.length > 0) loaded(updatesOf({ snapshot, tail }), 'the whole of it', problems)
  return problems
}

function loaded(updates: Uint8Array[], what: string, problems: string[]): Y.Doc | undefined {
  try {
    return loadUpdates(updates)
  } catch (error) {
    if (!(error instanceof CompactionError)) throw error
    problems.push(`${what} does not load: ${error.message}`)
    return undefined
  }
}

/** A type, not an interface: it is to be a table of jobs, which has no fixed keys. */
export type StorageJobs = {
  readonly compact: (rows: PackedRows) => Snapshot
  readonly pack: (rows: PackedRows) => PackedState
  readonly verify: (ask: ToVerify) => string[]
}

export const storageJobs: StorageJobs = { compact, pack, verify }
