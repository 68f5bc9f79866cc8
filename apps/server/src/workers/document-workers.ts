/**
 * The server's document workers: everything that has to decode a document, away from the event loop.
 * Each answer is bytes, a text or an update; putting it anywhere is the caller's, on the ordinary way.
 *
 * Every call fails with `JobError`: `refused` when the document or the request is no good, others when
 * it took too long, was too large, is quarantined, or too much waits. Nothing has changed then. Arrays
 * that are given stay the caller's.
 */
import type { Log } from '@quire/base'
import type { JsonNode, PartChange, RenderFormat } from '@quire/document/states'
import { type Compactor, compactorOn, type StoredDocument } from '@quire/persistence'
import {
  type PackedState,
  packRows,
  type Quarantined,
  startWorker,
  WorkerPool,
} from '@quire/persistence/work'
import type { DocumentName } from '@quire/protocol'
import type { DocumentJobs, EditMessage, StateMessage } from './document-jobs.ts'

/** A document as the store opens it, or a version of it. */
export type State =
  | { readonly stored: Pick<StoredDocument, 'snapshot' | 'tail'> }
  | { readonly packed: Uint8Array }

export interface DocumentWorkers {
  readonly compactor: Compactor
  render(document: DocumentName, state: State, format: RenderFormat): Promise<string>
  /** The first `charsMax` UTF-16 units of its text, in the background. */
  extract(document: DocumentName, state: State, charsMax: number): Promise<string>
  /** The update that makes the content what it was in `past`; undefined when it is that. */
  restore(document: DocumentName, state: State, past: State): Promise<Uint8Array | undefined>
  /** The update that makes the content `json`, which the caller has checked. */
  write(document: DocumentName, state: State, json: JsonNode): Promise<Uint8Array | undefined>
  diff(document: DocumentName, before: State, after: State): Promise<readonly PartChange[]>
  /** What a version of the document is. */
  pack(document: DocumentName, stored: StoredDocument): Promise<PackedState>
  /** What is wrong with the content, as sentences; the store's own checks have found nothing, or it would not have opened. */
  verify(document: DocumentName, stored: StoredDocument): Promise<readonly string[]>
  /** Documents that cost a thread and are left alone for a while. */
  quarantined(): readonly Quarantined[]
  /** Ends the threads; what is under way fails. */
  close(): Promise<void>
}

export function createDocumentWorkers({ log }: { readonly log: Log }): DocumentWorkers {
  const pool = new WorkerPool<DocumentJobs>({
    log,
    start: (settings) => startWorker('document-worker', import.meta.url, settings),
  })
  const edit = async (
    document: DocumentName,
    state: State,
    change: EditMessage,
  ): Promise<Uint8Array | undefined> => {
    const { update } = await pool.run(
      'edit',
      { state: messageOf(state), edit: change },
      { document },
    )
    return update
  }
  return {
    compactor: compactorOn(pool),
    render: (document, state, format) =>
      pool.run('render', { state: messageOf(state), format }, { document }),
    extract: (document, state, charsMax) =>
      pool.run('extract', { state: messageOf(state), charsMax }, { document, isBackground: true }),
    restore: (document, state, past) =>
      edit(document, state, { kind: 'restore', state: messageOf(past) }),
    write: (document, state, json) => edit(document, state, { kind: 'write', json }),
    diff: (document, before, after) =>
      pool.run('diff', { before: messageOf(before), after: messageOf(after) }, { document }),
    pack: (document, stored) => pool.run('pack', packRows(stored), { document }),
    verify: (document, { snapshot, tail }) => {
      const beside = snapshot && {
        stateVector: new Uint8Array(snapshot.stateVector),
        deleteSet: new Uint8Array(snapshot.deleteSet),
      }
      return pool.run(
        'verify',
        { rows: packRows({ snapshot, tail }), beside },
        { document, isBackground: true },
      )
    },
    quarantined: () => pool.quarantined(),
    close: () => pool.close(),
  }
}

const messageOf = (state: State): StateMessage =>
  'stored' in state ? { rows: packRows(state.stored) } : { packed: new Uint8Array(state.packed) }
