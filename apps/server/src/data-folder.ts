/**
 * Opens the data folder: makes it, proves that it can be written, opens the store in it. Every way
 * this fails is a {@link StartError} of one line that names the folder and what to do.
 *
 * ```
 * <data>/         the store's database, unless the documents are in PostgreSQL
 * <data>/files/   uploads
 * ```
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Log, must } from '@quire/base'
import {
  type BlobStore,
  openPostgresStore,
  openSqliteStore,
  type S3BlobsOptions,
  type Store,
  StoreError,
} from '@quire/persistence'
import { parseDocumentName } from '@quire/protocol'
import { codeOf, StartError } from './start-error.ts'
import { openUploads } from './uploads.ts'

/** Opening a document that does not exist makes nothing. */
const unusedName = must(parseDocumentName('quire.start'), 'a document name')

export interface DataFolder {
  readonly store: Store
  readonly uploads: BlobStore
  /** The folder was missing or empty. */
  readonly isNew: boolean
}

/** `database`: the URL of a PostgreSQL database that holds the documents; `s3`: a bucket for uploads. Without them both are in the folder. */
export async function openDataFolder(
  folder: string,
  database: string | undefined,
  s3: S3BlobsOptions | undefined,
  log: Log,
): Promise<DataFolder> {
  const filesFolder = join(folder, 'files')
  let isNew: boolean
  try {
    await mkdir(folder, { recursive: true })
    isNew = (await readdir(folder)).length === 0
    const probe = join(folder, `.write-probe-${process.pid}`)
    await writeFile(probe, '')
    await rm(probe)
  } catch (error) {
    throw new StartError(folderSentence(folder, error), { cause: error })
  }
  let store: Store
  try {
    store =
      database === undefined
        ? await openSqliteStore({ folder, log })
        : await openPostgresStore({ url: database, log })
  } catch (error) {
    const sentence = database === undefined ? storeSentence(folder, error) : databaseSentence(error)
    throw new StartError(sentence, { cause: error })
  }
  let uploads: BlobStore
  try {
    // Only now is the folder ours: before, half an upload could be another process's work.
    uploads = await openUploads(filesFolder, s3)
    // The database answers, and its statements are ready, before the first person waits for them.
    await store.open(unusedName)
    await store.list({ limit: 1 })
  } catch (error) {
    await store.close()
    const sentence =
      error instanceof StoreError
        ? storeSentence(folder, error)
        : folderSentence(filesFolder, error)
    throw new StartError(sentence, { cause: error })
  }
  return { store, uploads, isNew }
}

function folderSentence(folder: string, error: unknown): string {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return `the data folder ${folder} cannot be written; give this user the right to, or choose another with --data`
    case 'EROFS':
      return `the data folder ${folder} is on a read-only disk; choose another with --data`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${folder} is not a folder; choose another with --data`
    case 'ENOSPC':
    case 'EDQUOT':
      return `no space left for the data folder ${folder}; free some, then start again`
    default:
      return `the data folder ${folder} cannot be used: ${oneLine(error)}`
  }
}

function storeSentence(folder: string, error: unknown): string {
  if (!(error instanceof StoreError)) {
    return `the documents in ${folder} cannot be opened: ${oneLine(error)}`
  }
  switch (error.code) {
    case 'locked':
      return `another process uses the data folder ${folder}; stop it, or choose another with --data`
    case 'corrupt':
      return `the documents in ${folder} are damaged and were left as they are: ${oneLine(error)}; restore the folder from a backup, or choose another with --data`
    case 'newer':
      return `the documents in ${folder} were written by a newer Quire; start that one, or choose another folder with --data`
    case 'full':
      return `no space left for the documents in ${folder}; free some, then start again`
    case 'io':
    case 'bad-request':
    case 'closed':
      return `the documents in ${folder} cannot be opened: ${oneLine(error)}; check the disk and the rights of the folder`
  }
}

/** Names no URL: there is a password in it. */
function databaseSentence(error: unknown): string {
  if (error instanceof StoreError && error.code === 'newer') {
    return 'the documents in the database were written by a newer Quire; start that one'
  }
  return `the database of QUIRE_DATABASE cannot be used: ${oneLine(error)}`
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/\s+/g, ' ').trim()
}
