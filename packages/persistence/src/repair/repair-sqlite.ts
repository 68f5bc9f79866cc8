/**
 * Repair of a data folder whose database is damaged: what can be read goes into a new file, and the
 * damaged one is set aside.
 *
 * 1. No byte of what was there is removed or changed. The files as they were are in a folder `aside-…`
 *    beside the database, with a manifest that says what was kept of each document and what was not.
 * 2. A document keeps its lineage. One of which the end is lost is a shorter history of the same document:
 *    people who have the rest in their browser bring it back. One that cannot be read at all gives its name
 *    free, so that a backup can be restored under it.
 * 3. A crash at any moment leaves a folder that opens, as repaired or not at all, and can be repaired again.
 * 4. Where nothing is wrong, nothing is done.
 */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import type { Clock } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import { CommitMark, type Commit } from '../sqlite/commit-mark.ts'
import {
  bytesOf,
  filesOf,
  lockFolder,
  type StoreFiles,
  syncFile,
  syncFolder,
} from '../sqlite/folder.ts'
import { checkDocuments, journalOrderOf, rollBackJournal } from '../sqlite/inspect.ts'
import { checkSchema, pragma, schemaVersion } from '../sqlite/schema.ts'
import { asStoreError } from '../sqlite/sqlite-error.ts'
import { StoreError } from '../store.ts'
import { Rebuild } from './rebuild.ts'
import { type Salvaged, salvage } from './salvage.ts'

export interface RepairOptions {
  /** A data folder that no server uses. */
  readonly folder: string
  readonly clock: Clock
  /** Says what would be done and changes nothing. */
  readonly isDryRun?: boolean
  /** How long to wait for another process to let go of the folder, in ms; 1,000 by default. */
  readonly lockWaitMs?: number
}

/** What became of one document that is not as it was. */
export interface RepairedDocument {
  /** Undefined when not even the name can be read. */
  readonly document: DocumentName | undefined
  /** `kept`: its content is whole. `cut`: it ends before the first damage. `lost`: nothing of it is in the new file. */
  readonly kind: 'kept' | 'cut' | 'lost'
  /** The number of its last row now, and before. */
  readonly head: number
  readonly headBefore: number
  readonly problem: string
  /** Rows after the damage, as files of one Yjs update each in the folder of what was set aside. */
  readonly updates: readonly string[]
}

export interface RepairReport {
  /** Documents in the new file, deleted ones too; undamaged ones among them. */
  readonly documents: number
  readonly repaired: readonly RepairedDocument[]
  /** What is wrong with the file beyond its documents. */
  readonly problems: readonly string[]
  /** Where the files are as they were; undefined when nothing was done. */
  readonly asidePath: string | undefined
}

/**
 * Repairs `<folder>/quire.db`. Fails with `corrupt` when SQLite cannot read anything of it, `locked` while
 * a server uses the folder, `newer` or `bad-request` for a file of another version, `full` and `io`; the
 * folder is then as it was.
 */
export function repairSqliteStore(options: RepairOptions): RepairReport {
  const { folder, clock, isDryRun = false, lockWaitMs = 1_000 } = options
  const files = filesOf(folder)
  if (!existsSync(files.database)) {
    throw new StoreError('bad-request', `there is no ${files.database}`)
  }
  const unlock = lockFolder(files, lockWaitMs)
  try {
    if (!isDryRun && bytesOf(files.journal) > 0) rollBackJournal(files.database)
    return repair(files, clock.wallMs(), isDryRun)
  } catch (error) {
    throw asStoreError(error, `${files.database} cannot be repaired`)
  } finally {
    unlock()
  }
}

function repair(files: StoreFiles, nowMs: number, isDryRun: boolean): RepairReport {
  const confirmed = readMark(files)
  const db = openDamaged(files)
  // Beside the folder's database until it is whole.
  const rebuild = new Rebuild(join(files.folder, 'quire.repaired'))
  try {
    const repaired: RepairedDocument[] = []
    const updates: { readonly name: string; readonly bytes: Uint8Array }[] = []
    const entries: { readonly id: number; readonly writtenOrder: number }[] = []
    let documents = 0
    for (const each of salvage(db, confirmed?.documentId ?? 0)) {
      rebuild.add(each)
      const rows = 'later' in each ? each.later : []
      const prefix = each.kind === 'unknown' ? '' : nameOf(each)
      const names = rows.map(({ number }) => `${prefix}.${number}.update`)
      updates.push(...rows.map(({ update }, at) => ({ name: names[at] ?? '', bytes: update })))
      if (each.kind === 'whole' || each.kind === 'cut') {
        documents += 1
        entries.push(each.content.entry)
      }
      const outcome = outcomeOf(each, names)
      if (outcome) repaired.push(outcome)
    }
    const problems = [
      ...structureProblems(db),
      ...markProblems(db, entries, confirmed, repaired.length > 0),
      ...rebuild.copyTables(db),
    ]
    if (isDryRun || (repaired.length === 0 && problems.length === 0)) {
      rebuild.abandon()
      return { documents, repaired, problems, asidePath: undefined }
    }
    rebuild.finish()
    const asidePath = setAside(files, nowMs, { documents, repaired, problems }, updates)
    db.close()
    takeOver(files)
    return { documents, repaired, problems, asidePath }
  } catch (error) {
    rebuild.abandon()
    throw error
  } finally {
    if (db.isOpen) db.close()
  }
}

function readMark(files: StoreFiles): Commit | undefined {
  if (!existsSync(files.mark)) return undefined
  const mark = new CommitMark(files.mark)
  try {
    return mark.read()
  } finally {
    mark.close()
  }
}

function openDamaged({ database }: StoreFiles): DatabaseSyncInstance {
  const db = new DatabaseSync(database, { readOnly: true, timeout: 5_000 })
  try {
    db.exec('PRAGMA trusted_schema = OFF')
    checkSchema(db)
    if (pragma(db, 'user_version') === schemaVersion) return db
    throw new StoreError(
      'bad-request',
      `${database} is of an older version; repair it with that one`,
    )
  } catch (error) {
    db.close()
    throw error
  }
}

function structureProblems(db: DatabaseSyncInstance): string[] {
  try {
    const rows: { integrity_check: string }[] = db.prepare('PRAGMA integrity_check(20)').all()
    return rows.map(({ integrity_check: text }) => text).filter((text) => text !== 'ok')
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

/** Whether what was confirmed is there. Where documents are damaged the mark says no more than they do. */
function markProblems(
  db: DatabaseSyncInstance,
  entries: readonly { readonly id: number; readonly writtenOrder: number }[],
  confirmed: Commit | undefined,
  isDamaged: boolean,
): string[] {
  if (isDamaged) return []
  try {
    checkDocuments(entries, journalOrderOf(db), confirmed)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

const nameOf = (each: Exclude<Salvaged, { kind: 'unknown' }>): DocumentName =>
  each.kind === 'headless' ? each.entry.name : each.content.entry.name

function outcomeOf(each: Salvaged, updates: readonly string[]): RepairedDocument | undefined {
  if (each.kind === 'whole') {
    if (each.problem === undefined) return undefined
    const { name: document, head } = each.content.entry
    return { document, kind: 'kept', head, headBefore: head, problem: each.problem, updates }
  }
  const { problem } = each
  switch (each.kind) {
    case 'cut': {
      const { entry, rows } = each.content
      const head = entry.snapshotNumber + rows.length
      const { name: document, head: headBefore } = entry
      return { document, kind: 'cut', head, headBefore, problem, updates }
    }
    case 'headless': {
      const { name: document, head: headBefore } = each.entry
      return { document, kind: 'lost', head: 0, headBefore, problem, updates }
    }
    case 'unknown':
      return { document: undefined, kind: 'lost', head: 0, headBefore: 0, problem, updates }
  }
}

/** Puts the files as they are, the loose updates and the manifest into a folder of their own, on the disk. */
function setAside(
  files: StoreFiles,
  nowMs: number,
  found: Omit<RepairReport, 'asidePath'>,
  updates: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): string {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-')
  const place = join(files.folder, `aside-${stamp}`)
  mkdirSync(place)
  const originals = [files.database, files.log, files.mark].filter((file) => existsSync(file))
  for (const file of originals) {
    const to = join(place, basename(file))
    // The database by another name for the same bytes; what is written next gets a file of its own.
    if (file !== files.database || !isLinked(file, to)) copyFileSync(file, to)
    syncFile(to)
  }
  for (const { name, bytes } of updates) {
    writeFileSync(join(place, name), bytes)
    syncFile(join(place, name))
  }
  const manifest = join(place, 'manifest.json')
  const madeBy = { format: 1, madeMs: nowMs, files: originals.map((file) => basename(file)) }
  writeFileSync(manifest, `${JSON.stringify({ ...madeBy, ...found }, undefined, 2)}\n`)
  syncFile(manifest)
  syncFolder(place)
  syncFolder(files.folder)
  return place
}

/** Some file systems know no second names. */
function isLinked(file: string, to: string): boolean {
  try {
    linkSync(file, to)
    return true
  } catch {
    return false
  }
}

/**
 * Puts the new file in the place of the damaged one. First the log goes, which belongs to the old file and
 * must never meet the new one; last the mark, without which nothing is compared. In between the folder is
 * refused, because the mark names more than is there, or opens as the damaged one does.
 */
function takeOver(files: StoreFiles): void {
  for (const file of [files.log, `${files.database}-shm`]) rmSync(file, { force: true })
  syncFolder(files.folder)
  renameSync(join(files.folder, 'quire.repaired'), files.database)
  syncFolder(files.folder)
  rmSync(files.mark, { force: true })
  syncFolder(files.folder)
}
