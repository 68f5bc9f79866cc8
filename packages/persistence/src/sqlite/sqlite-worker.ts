/**
 * The thread that owns the database: takes calls in order, answers each. Holds the lock of the folder
 * from the first call to the last.
 *
 * 1. After a call that failed with `io` the thread ends, and with it every handle on the files: what a
 *    disk keeps of a write that it reported as failed is not known. The next thread looks at the files
 *    as after a crash.
 * 2. What a call brought is freed when it was answered, where it is large and nothing keeps it.
 * 3. A database that cannot be opened for another reason is tried again with each call; nothing is
 *    ever made in its place.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { must, unreachable } from '@quire/base'
import { freeBytes } from '../free-bytes.ts'
import { buffersOf, pack, unpack } from '../packed-bytes.ts'
import type { StoredDocument } from '../store.ts'
import {
  type Answer,
  type Call,
  endsThread,
  type OpenedDocument,
  type Request,
  type ThreadSettings,
} from './calls.ts'
import { journalCommitBytesMax } from './journal.ts'
import { OpenFolder } from './open-folder.ts'
import { packResults, unpackAppend } from './packed-append.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { asStoreError } from './sqlite-error.ts'

const port = must(parentPort, 'this module is the entry of a thread')
const settings = workerData as ThreadSettings
let folder: OpenFolder | undefined

function opened(): SqliteDatabase {
  folder ??= new OpenFolder(settings.folder, settings.lockWaitMs)
  return folder.database()
}

function closed(): string | undefined {
  const last = folder
  folder = undefined
  return last?.close()
}

function packDocument(document: StoredDocument): OpenedDocument {
  const { snapshot, tail, head, lineage, isDeleted } = document
  const places = new Map<string, number>()
  for (const { author } of tail) if (!places.has(author)) places.set(author, places.size)
  const hasAuthors = places.size > 1 || (places.size === 1 && !places.has(''))
  const authors = hasAuthors ? [...places.keys()] : []
  const authorOf = Uint32Array.from(hasAuthors ? tail : [], ({ author }) => places.get(author) ?? 0)
  const bytes = pack(tail.map(({ update }) => update))
  return { snapshot, head, lineage, isDeleted, bytes, authors, authorOf }
}

/** What need not be copied. SQLite gives each value a buffer of its own. */
function transferOf({ snapshot, bytes }: OpenedDocument): ArrayBuffer[] {
  const parts = snapshot ? [snapshot.update, snapshot.stateVector, snapshot.deleteSet] : []
  const whole = parts.filter(({ buffer, length }) => length > 0 && buffer.byteLength === length)
  return [...whole.map(({ buffer }) => buffer as ArrayBuffer), ...buffersOf(bytes)]
}

function run(call: Call): unknown {
  switch (call.kind) {
    case 'start':
      return void opened()
    case 'open':
      return packDocument(opened().open(call.document))
    case 'append':
      return packResults(opened().append(unpackAppend(call), call.nowMs))
    case 'compact': {
      const [update, stateVector, deleteSet] = unpack(call.parts)
      const snapshot = {
        number: call.number,
        update: must(update, 'a snapshot has an update'),
        stateVector: must(stateVector, 'a snapshot has a state vector'),
        deleteSet: must(deleteSet, 'a snapshot has a delete set'),
      }
      return opened().compact(call.document, snapshot, call.replaces)
    }
    case 'authors':
      return opened().authors(call.document)
    case 'create':
      return opened().create(call.document, call.title, call.nowMs)
    case 'describe':
      return opened().describe(call.document)
    case 'rename':
      return opened().rename(call.document, call.title, call.nowMs)
    case 'list':
      return opened().list(call.limit, call.after)
    case 'delete':
      return opened().delete(call.document, call.nowMs)
    case 'createVersion':
      return opened().versions.create(call.document, call.version, call.nowMs)
    case 'listVersions':
      return opened().versions.list(call.document, call.limit, call.after)
    case 'readVersion':
      return opened().versions.read(call.document, call.id)
    case 'renameVersion':
      return opened().versions.rename(call.document, call.id, call.name)
    case 'removeVersions':
      return opened().versions.remove(call.document, call.ids)
    case 'indexText':
      return opened().search.put(call.document, call.text, call.number, call.nowMs)
    case 'find':
      return opened().search.find(call.question)
    case 'behind':
      return opened().search.behind(call.limit, call.after)
    case 'listDeleted':
      return opened().trash.list(call.limit, call.beforeMs)
    case 'purge':
      return opened().trash.purge(call.document)
    case 'verifyFile':
      return opened().verifyFile()
    case 'verifyDocuments':
      return opened().verifyDocuments(call.after, call.count)
    case 'close':
      return closed()
    default:
      return unreachable(call)
  }
}

function answer({ id, call }: Request): Answer {
  try {
    return { id, kind: 'done', value: run(call) }
  } catch (error) {
    const { code, message } = asStoreError(error, `the storage cannot ${call.kind}`)
    return { id, kind: 'failed', code, message }
  }
}

function freeWhatCame(call: Call): void {
  if (call.kind === 'compact') freeBytes(call.parts.bytes)
  if (call.kind !== 'append') return
  // What is smaller the journal keeps until it is folded.
  const { bytes } = call.updates
  if (bytes.length > journalCommitBytesMax) freeBytes(bytes)
}

/** What is in the journal longer than this is folded, so that a quiet file has everything in its tables. */
const foldMs = 5_000
let foldTimer: NodeJS.Timeout | undefined

function foldLater(): void {
  foldTimer ??= setTimeout(() => {
    foldTimer = undefined
    try {
      if (!isEnding) folder?.database().fold()
    } catch (error) {
      const { code } = asStoreError(error, 'the journal cannot be folded')
      // A call would end the thread too; a full disk may have space again later.
      if (code === 'io') throw error
      foldLater()
    }
  }, foldMs).unref()
}

let isEnding = false
port.on('message', (request: Request) => {
  if (isEnding) return // the store knows from the last answer that nothing follows it
  const result = answer(request)
  freeWhatCame(request.call)
  const isDone = result.kind === 'done'
  const isDocument = isDone && request.call.kind === 'open'
  port.postMessage(result, isDocument ? transferOf(result.value as OpenedDocument) : [])
  if (isDone && request.call.kind === 'append') foldLater()
  isEnding = request.call.kind === 'close' || endsThread(result)
  // Without its port the thread has nothing left to wait for.
  if (isEnding) port.close()
})
