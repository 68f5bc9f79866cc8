/** Reads a whole database and says what is wrong with it, instead of failing at the first damage. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { reasonOf } from '@quire/base'
import { StoreError } from '../store.ts'
import type { AuthorRows } from './author-rows.ts'
import type { Commit } from './commit-mark.ts'
import type { DocumentRows } from './document-row.ts'
import { checkDocuments, journalOrderOf } from './inspect.ts'
import type { LogRows } from './log-rows.ts'
import type { SqliteVersions } from './sqlite-versions.ts'

/** Lines of SQLite's own check that are kept; the first few say what there is to do. */
const structureProblemsMax = 20

/** A step of `verifyDocuments`: `last` is where the next one begins. Fewer than asked for: that was the end. */
export interface VerifiedDocuments {
  readonly last: number
  readonly count: number
  readonly problems: readonly string[]
}

/** Problems of the structure of the file and of its list of documents. */
export function verifyFile(
  db: DatabaseSyncInstance,
  documents: DocumentRows,
  confirmed: Commit | undefined,
): string[] {
  const structure = problemsOf(() => {
    const rows: { integrity_check: string }[] = db
      .prepare(`PRAGMA integrity_check(${structureProblemsMax})`)
      .all()
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok')
  })
  const rows = problemsOf(() => void checkDocuments(documents.all(), journalOrderOf(db), confirmed))
  return [...structure, ...rows]
}

/** Problems of the next `count` documents after the one with id `after`, deleted ones too. */
export function verifyDocuments(
  from: {
    readonly documents: DocumentRows
    readonly log: LogRows
    readonly authors: AuthorRows
    readonly versions: SqliteVersions
  },
  after: number,
  count: number,
): VerifiedDocuments {
  const problems: string[] = []
  let last = after
  let seen = 0
  for (const document of from.documents.all(after)) {
    problems.push(...problemsOf(() => void from.log.read(document)))
    problems.push(...problemsOf(() => void from.authors.read(document)))
    problems.push(...problemsOf(() => from.versions.verify(document)))
    last = document.id
    if (++seen === count) break
  }
  return { last, count: seen, problems }
}

/** What `check` finds, where a thrown error is one problem. */
function problemsOf(check: () => string[] | void): string[] {
  try {
    return check() ?? []
  } catch (error) {
    return [error instanceof StoreError ? error.message : reasonOf(error)]
  }
}
