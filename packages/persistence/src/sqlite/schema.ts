/**
 * The tables of `quire.db`, and how an older file becomes a newer one.
 *
 * 1. A step that was released is never changed; a change of the schema is a new step at the end.
 * 2. `user_version` is the number of steps a file has been through; a file with more than we know is
 *    of a newer Quire and is refused, unchanged.
 * 3. What the file says its tables are is compared with what the steps make. A file that differs is
 *    damaged or was changed by hand, and is refused.
 */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { StoreError } from '../store.ts'

/** "Quir" in ASCII: says whose file it is, also to `file(1)`. */
export const applicationId = 0x51756972

const steps: readonly string[] = [
  `
  CREATE TABLE documents (
    id              INTEGER PRIMARY KEY,
    name            TEXT    NOT NULL UNIQUE,
    title           TEXT    NOT NULL,
    created_ms      INTEGER NOT NULL,
    changed_ms      INTEGER NOT NULL,
    deleted_ms      INTEGER,
    lineage         TEXT    NOT NULL,
    head            INTEGER NOT NULL,
    snapshot_number INTEGER NOT NULL,
    changed_order   INTEGER NOT NULL,
    written_order   INTEGER NOT NULL,
    checksum        INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX documents_by_change ON documents (changed_order) WHERE deleted_ms IS NULL;
  CREATE TABLE log (
    document_id     INTEGER NOT NULL REFERENCES documents (id),
    number          INTEGER NOT NULL,
    bytes           BLOB    NOT NULL,
    checksum        INTEGER NOT NULL,
    PRIMARY KEY (document_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE snapshots (
    document_id     INTEGER PRIMARY KEY REFERENCES documents (id),
    number          INTEGER NOT NULL,
    bytes           BLOB    NOT NULL,
    state_vector    BLOB    NOT NULL,
    delete_set      BLOB    NOT NULL,
    checksum        INTEGER NOT NULL
  ) STRICT;
  `,
  // Who brought each row, and who was first to write under each client id.
  `
  ALTER TABLE log ADD COLUMN author TEXT NOT NULL DEFAULT '';
  CREATE TABLE authors (
    document_id     INTEGER NOT NULL REFERENCES documents (id),
    client_id       INTEGER NOT NULL,
    author          TEXT    NOT NULL,
    checksum        INTEGER NOT NULL,
    PRIMARY KEY (document_id, client_id)
  ) STRICT, WITHOUT ROWID;
  `,
  // Versions: states that somebody may want back.
  `
  CREATE TABLE versions (
    document_id     INTEGER NOT NULL REFERENCES documents (id),
    id              INTEGER NOT NULL,
    number          INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    author          TEXT    NOT NULL,
    made_ms         INTEGER NOT NULL,
    byte_count      INTEGER NOT NULL,
    state           BLOB    NOT NULL,
    checksum        INTEGER NOT NULL,
    PRIMARY KEY (document_id, id)
  ) STRICT;
  `,
  // What was appended lately, by commits.
  `
  CREATE TABLE journal (
    number          INTEGER PRIMARY KEY,
    bytes           BLOB    NOT NULL,
    checksum        INTEGER NOT NULL
  ) STRICT;
  `,
  // The search: words of titles and texts, and up to which row a text was read.
  `
  CREATE VIRTUAL TABLE search USING fts5(
    title, body, excerpt UNINDEXED, tokenize = 'ascii', prefix = '1 2 3', detail = 'column'
  );
  -- What is deleted is overwritten, not marked.
  INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
  CREATE TABLE indexed (
    document_id     INTEGER PRIMARY KEY REFERENCES documents (id),
    number          INTEGER NOT NULL,
    made_ms         INTEGER NOT NULL
  ) STRICT;
  `,
]
/** Files before this version have no journal. */
export const journalVersion = 4

/** The version of a file that this code writes. */
export const schemaVersion: number = steps.length

/** The first value that a pragma answers. Runs to its end: what it commits there can fail, and is then thrown. */
export const pragma = (db: DatabaseSyncInstance, text: string): unknown =>
  Object.values(db.prepare(`PRAGMA ${text}`).all()[0] ?? {})[0]

/** Every table and index as the file describes it, in one text. */
function describeSchema(db: DatabaseSyncInstance): string {
  const rows = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all()
  return JSON.stringify(rows.map((row) => Object.values(row)))
}

/** What `describeSchema` must say of a file of `version`. */
function expectedSchema(version: number): string {
  const db = new DatabaseSync(':memory:')
  try {
    for (const step of steps.slice(0, version)) db.exec(step)
    return describeSchema(db)
  } finally {
    db.close()
  }
}

/**
 * Sees that a file is ours, of a version that we know, and has the tables of that version. Reads only.
 * Throws `newer` or `corrupt`. A file without anything in it, as a crash in the first moment leaves, is
 * in order.
 */
export function checkSchema(db: DatabaseSyncInstance): void {
  const owner = Number(pragma(db, 'application_id'))
  const version = Number(pragma(db, 'user_version'))
  const schema = describeSchema(db)
  if (owner === 0 && version === 0 && schema === '[]') {
    if (Number(pragma(db, 'page_count')) <= 1) return
    throw new StoreError('corrupt', 'quire.db has pages but no tables')
  }
  if (owner !== applicationId) {
    throw new StoreError('corrupt', 'quire.db is a database, but not one of Quire')
  }
  if (version > schemaVersion) {
    throw new StoreError(
      'newer',
      `quire.db is of version ${version}, and this Quire knows versions up to ${schemaVersion}; start the newer one`,
    )
  }
  if (version < 1 || schema !== expectedSchema(version)) {
    throw new StoreError('corrupt', `the tables of quire.db are not those of version ${version}`)
  }
}

/** Makes the tables of a new file, or takes a checked one to the present version: all or nothing. */
export function migrate(db: DatabaseSyncInstance): void {
  const version = Number(pragma(db, 'user_version'))
  if (version === schemaVersion) return
  db.exec('BEGIN IMMEDIATE')
  try {
    for (const step of steps.slice(version)) db.exec(step)
    db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}`)
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
