/**
 * Opens the store in a folder, in the one safe order: lock, look, open. On the thread that calls it.
 */
import {
  type StoreFiles,
  bytesOf,
  checkFiles,
  filesOf,
  lockFolder,
  makeFolder,
  rewrite,
  syncFolder,
} from './folder.ts'
import { CommitMark } from './commit-mark.ts'
import { inspectDatabase, rollBackJournal } from './inspect.ts'
import { SqliteDatabase } from './sqlite-database.ts'
import { asStoreError } from './sqlite-error.ts'

/** A folder that is locked for this process, with or without its database open. */
export class OpenFolder {
  readonly #files: StoreFiles
  readonly #unlock: () => void
  readonly #mark: CommitMark
  #database: SqliteDatabase | undefined = undefined

  /** Makes the folder if it is not there, and takes it. Throws `locked` after `lockWaitMs`. */
  constructor(folder: string, lockWaitMs: number) {
    this.#files = filesOf(folder)
    makeFolder(this.#files)
    this.#unlock = lockFolder(this.#files, lockWaitMs)
    try {
      this.#mark = new CommitMark(this.#files.mark)
    } catch (error) {
      this.#unlock()
      throw asStoreError(error, `${this.#files.mark} cannot be opened`)
    }
  }

  /** The database, opened when it is not. A new one is made only where nothing says that there was one; throws `corrupt`, `newer`, `full` or `io` and leaves the files as they are. */
  database(): SqliteDatabase {
    if (this.#database !== undefined) return this.#database
    const confirmed = this.#mark.read()
    checkFiles(this.#files, confirmed !== undefined)
    if (bytesOf(this.#files.journal) > 0) rollBackJournal(this.#files.database)
    const isThere = bytesOf(this.#files.database) > 0
    const facts = isThere
      ? inspectDatabase(this.#files.database, confirmed)
      : { count: 0, order: 0 }
    // What its last user was told of a failed sync, if it was told, we do not know.
    if (bytesOf(this.#files.log) > 0) this.#rewriteLog()
    this.#database = new SqliteDatabase(this.#files.database, this.#mark, facts)
    // Names that came and went: after a power cut a journal that is there again would undo what follows.
    syncFolder(this.#files.folder)
    return this.#database
  }

  #rewriteLog(): void {
    try {
      rewrite(this.#files.log)
    } catch (error) {
      throw asStoreError(error, `${this.#files.log} cannot be written`)
    }
  }

  /** Closes everything and gives the folder back. Answers what went wrong and does not matter to the data, if something did. */
  close(): string | undefined {
    try {
      return this.#database?.close()
    } finally {
      this.#database = undefined
      this.#mark.close()
      this.#unlock()
    }
  }
}
