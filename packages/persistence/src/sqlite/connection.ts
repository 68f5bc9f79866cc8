/** How a connection to `quire.db` that writes is set up. What holds for it holds on every opening: a file keeps none of this. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { StoreError } from '../store.ts'
import { pragma } from './schema.ts'

/** How long a statement waits for somebody else's lock in ms: a backup tool holds one for moments, and a longer wait would hold up every room. */
export const busyMs = 5_000
/** Pages of the write-ahead log after which it is moved into the file: 1 MB. More makes each move longer, and takes space from a disk that is nearly full; fewer makes more of them. */
const checkpointPages = 256
/** The write-ahead log is cut to this after it grew, for example in a large compaction. */
const walBytesMax = 16 * 1024 * 1024

/** Sees to it that every commit of `db` is on stable storage when it returns. Throws `io` where it cannot be. */
export function configure(db: DatabaseSyncInstance): void {
  db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON')
  const mode = pragma(db, 'journal_mode = WAL')
  if (mode !== 'wal') {
    throw new StoreError('io', `the file system does not carry a write-ahead log (${String(mode)})`)
  }
  // A file that is opened again falls back to NORMAL, which loses confirmed commits in a power cut.
  // fullfsync: on macOS an ordinary fsync does not reach the disk; elsewhere it means nothing.
  db.exec(`PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
    PRAGMA wal_autocheckpoint = ${checkpointPages}; PRAGMA journal_size_limit = ${walBytesMax}`)
  if (pragma(db, 'synchronous') !== 2) {
    throw new StoreError('io', 'SQLite does not accept synchronous=FULL')
  }
}
