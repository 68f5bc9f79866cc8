/** Writes the database of a folder anew, without the pages that nothing uses any more. */
import { DatabaseSync } from '@photostructure/sqlite'
import { StoreError } from '../store.ts'
import { busyMs, configure } from './connection.ts'
import { bytesOf, filesOf, lockFolder } from './folder.ts'
import { OpenFolder } from './open-folder.ts'
import { asStoreError } from './sqlite-error.ts'

/**
 * Gives the space of what was removed back to the disk, and with it the last bytes of it. Needs as much
 * free space as the file has, runs on the thread that calls, and not while a server uses the folder.
 * Throws `bad-request` when there is no database, `locked`, `corrupt`, `newer`, `full` or `io`; the file
 * then is as it was.
 */
export function vacuumSqliteStore(folder: string, lockWaitMs = 1_000): void {
  const files = filesOf(folder)
  if (bytesOf(files.database) === 0) {
    throw new StoreError('bad-request', `there is no ${files.database}`)
  }
  // Looks at the file as a server would, and puts everything into its place.
  const opened = new OpenFolder(folder, lockWaitMs)
  try {
    opened.database()
  } finally {
    opened.close()
  }
  const unlock = lockFolder(files, lockWaitMs)
  const db = new DatabaseSync(files.database, { timeout: busyMs, defensive: true, open: false })
  try {
    db.open()
    configure(db)
    db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    throw asStoreError(error, `${files.database} cannot be written anew`)
  } finally {
    if (db.isOpen) db.close()
    unlock()
  }
}
