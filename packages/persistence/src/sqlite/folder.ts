/**
 * The folder of a store: its files, who holds it, and what can be told without opening the database.
 *
 * 1. One process per folder. The lock is the operating system's, taken by SQLite on a file of its own,
 *    so it ends with the process however that ends, and readers such as backups are not shut out.
 * 2. Nothing but this store's SQLite opens `quire.db` while it is in use: closing any other handle of
 *    this process on it would drop the locks of SQLite (POSIX).
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { StoreError } from '../store.ts'
import { asStoreError } from './sqlite-error.ts'

export interface StoreFiles {
  readonly folder: string
  readonly database: string
  readonly log: string
  /** There only while a new file, or one that another program wrote, is taken into use. */
  readonly journal: string
  readonly lock: string
  readonly mark: string
}

export function filesOf(folder: string): StoreFiles {
  const at = (name: string): string => join(resolve(folder), name)
  return {
    folder: resolve(folder),
    database: at('quire.db'),
    log: at('quire.db-wal'),
    journal: at('quire.db-journal'),
    lock: at('quire.lock'),
    mark: at('quire.mark'),
  }
}

/** Makes the folder if it is not there. */
export function makeFolder({ folder }: StoreFiles): void {
  try {
    const made = mkdirSync(folder, { recursive: true })
    if (made !== undefined) syncFolder(dirname(made))
  } catch (error) {
    throw asStoreError(error, `the data folder ${folder} cannot be made`)
  }
}

/** Takes the folder for this process, waiting at most `waitMs`, and returns what gives it back. Throws `locked`. */
export function lockFolder(files: StoreFiles, waitMs: number): () => void {
  const lock = new DatabaseSync(files.lock, { timeout: waitMs, open: false })
  try {
    lock.open()
    // No journal: the file stays empty, only the lock on it matters.
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE')
  } catch (error) {
    if (lock.isOpen) lock.close()
    const known = asStoreError(error, `the lock ${files.lock} cannot be taken`)
    if (known.code !== 'locked') throw known
    throw new StoreError('locked', `another process uses the data folder ${files.folder}`)
  }
  return () => lock.close()
}

/** Throws `corrupt` when the database is gone or empty although something says that it was there. */
export function checkFiles(files: StoreFiles, isMarked: boolean): void {
  if (bytesOf(files.database) > 0) return
  if (bytesOf(files.log) === 0 && !isMarked) return
  throw new StoreError(
    'corrupt',
    `${files.database} is missing or empty, but documents were stored in this folder; it is left as it is`,
  )
}

/**
 * Writes a file's bytes over themselves and syncs it. After a sync that failed a system may hold bytes
 * that it will not write again and that later syncs say nothing of; what is written anew it has to write.
 */
export function rewrite(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    const part = Buffer.allocUnsafe(1024 * 1024)
    for (let at = 0; ; ) {
      const count = readSync(handle, part, 0, part.length, at)
      if (count === 0) break
      for (let done = 0; done < count; ) {
        done += writeSync(handle, part, done, count - done, at + done)
      }
      at += count
    }
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Size of a file in bytes; 0 when there is none. */
export function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Makes sure that a file's bytes are on the disk. */
export function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Makes sure that the names in a folder are on the disk. A system that cannot sync folders does so by itself. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
