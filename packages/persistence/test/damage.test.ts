/**
 * Damage to the files of a SQLite store. The files are made once, in two states, and copied for each
 * trial. Trials open the folder on this thread: the same code as in the thread, many times faster.
 *
 * Length: every kind of damage is judged by one reader of everything that was written.
 */
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { must } from '@quire/base'
import { createSeededRandom } from '@quire/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DocumentInfo, openSqliteStore, StoreError } from '../src/index.ts'
import { OpenFolder } from '../src/sqlite/open-folder.ts'
import type { SqliteDatabase } from '../src/sqlite/sqlite-database.ts'
import { differenceOf, named, snapshotAt, updateAt } from './written.ts'

const flips = Number(process.env['QUIRE_FLIPS'] ?? 120)
const seed = Number(process.env['QUIRE_SEED'] ?? Date.now() % 1_000_000)

const heads = new Map(Array.from({ length: 12 }, (_, at) => [`document-${at}`, 30 + at * 9]))
/** Those that have a version and a text in the search. */
const versioned = ['document-2', 'document-7', 'document-10']
const root = mkdtempSync(join(tmpdir(), 'quire-damage-'))
/** A store that was closed in order: everything is in quire.db. */
const closed = join(root, 'closed')
/** The same store as a killed process leaves it: the later half is in quire.db-wal. */
const killed = join(root, 'killed')
const trial = join(root, 'trial')
const at = (file: string): string => join(trial, file)
let list: readonly DocumentInfo[] = []

beforeAll(async () => {
  let store = await openSqliteStore({ folder: closed })
  for (const [name, head] of heads) {
    await store.create(named(name), `Title of ${name}`)
    await write(name, 1, Math.floor(head / 2))
    if (head % 2 === 0) await store.compact(named(name), snapshotAt(name, 10), 0)
  }
  for (const name of versioned) {
    const { head: number } = await store.open(named(name))
    const state = updateAt(name, 160)
    await store.versions.create(named(name), { number, kind: 'named', name: `Of ${name}`, state })
    await store.search.put(named(name), `Words of ${name}`, number)
  }
  await store.close()
  store = await openSqliteStore({ folder: closed })
  for (const [name, head] of heads) {
    await write(name, Math.floor(head / 2) + 1, head - 3)
    await write(name, head - 2, head)
  }
  await store.rename(named('document-3'), 'Renamed last')
  list = (await store.list({ limit: 100 })).documents
  // Nothing is under way, so a copy of the files is what a kill leaves.
  copy(closed, killed)
  await store.close()

  async function write(name: string, first: number, last: number): Promise<void> {
    const updates = Array.from({ length: last - first + 1 }, (_, n) => updateAt(name, first + n))
    await store.append([
      { document: named(name), updates, author: authorOf(name), newClients: [first] },
    ])
  }
})

const authorOf = (name: string): string => `who wrote ${name}`

afterAll(() => rmSync(root, { recursive: true }))

function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to)
  for (const file of readdirSync(from)) copyFileSync(join(from, file), join(to, file))
}

/** What the files that hold data are; a log without a byte is none. */
const contents = (): string[] =>
  ['quire.db', 'quire.db-wal'].map((file) =>
    bytesOf(file) > 0
      ? createHash('sha256')
          .update(readFileSync(at(file)))
          .digest('hex')
      : 'none',
  )
const bytesOf = (file: string): number => (existsSync(at(file)) ? readFileSync(at(file)).length : 0)

type Outcome = 'same' | 'refused' | 'some documents refused' | `other: ${string}`

/** Opens the trial folder and reads everything there is. */
function outcomeOf(): Outcome {
  const folder = new OpenFolder(trial, 100)
  let refused = 0
  try {
    const database = folder.database()
    if (JSON.stringify(database.list(100, undefined).documents) !== JSON.stringify(list)) {
      return 'other: the list'
    }
    for (const [name, head] of heads) {
      try {
        const stored = database.open(named(name))
        const difference = differenceOf(name, stored)
        if (difference !== undefined) return `other: ${difference} of ${name}`
        if (stored.head !== head) return `other: the head of ${name} is ${stored.head}`
        const authors = [...stored.tail.map(({ author }) => author), ...authorsOf(database, name)]
        if (authors.some((author) => author !== authorOf(name))) return `other: who wrote ${name}`
        if (versioned.includes(name) && !isVersionRight(database, name)) {
          return `other: the version of ${name}`
        }
      } catch (error) {
        if (!(error instanceof StoreError && error.code === 'corrupt')) throw error
        if (!error.message.includes(name)) return `other: ${error.message} does not name ${name}`
        refused += 1
      }
    }
    return refused > 0 ? 'some documents refused' : 'same'
  } catch (error) {
    if (error instanceof StoreError && ['corrupt', 'newer'].includes(error.code)) return 'refused'
    return `other: ${String(error)}`
  } finally {
    folder.close()
  }
}

/** Reads the version of a document. A version that is missing from the list is damage that the structure of the file shows. */
function isVersionRight(database: SqliteDatabase, name: string): boolean {
  const [info] = database.versions.list(named(name), 5, undefined).versions
  const version = info && database.versions.read(named(name), info.id)
  return version?.name === `Of ${name}` && Buffer.compare(version.state, updateAt(name, 160)) === 0
}

/** The first authors of the three clients of a document. */
function authorsOf(database: SqliteDatabase, name: string): string[] {
  const authors = new Map(database.authors(named(name)))
  const third = Math.floor((heads.get(name) ?? 0) / 2) + 1
  return [1, third, (heads.get(name) ?? 0) - 2].map((client) => authors.get(client) ?? 'nobody')
}

describe('a store whose files were damaged', () => {
  test('[SQ1] the files that a killed process leaves open as they were', () => {
    copy(killed, trial)
    expect(readFileSync(at('quire.db-wal')).length).toBeGreaterThan(100_000)
    expect(outcomeOf()).toBe('same')
    copy(closed, trial)
    expect(outcomeOf()).toBe('same')
  })

  const garbage = Buffer.alloc(42_000, 'These are not pages. ')
  const damages: [string, string, () => void][] = [
    ['the header is garbage', closed, () => writeOver('quire.db', garbage.subarray(0, 100))],
    ['all of it is garbage', closed, () => writeFileSync(at('quire.db'), garbage)],
    ['it is cut in half', closed, () => truncateSync(at('quire.db'), halfOf('quire.db'))],
    ['it is cut inside its header', closed, () => truncateSync(at('quire.db'), 60)],
    ['it is empty', closed, () => truncateSync(at('quire.db'), 0)],
    ['it is gone', closed, () => rmSync(at('quire.db'))],
    ['it is empty beside a log', killed, () => emptyWithoutMark()],
    ['it is gone beside a log', killed, () => goneWithoutMark()],
    ['its log is gone', killed, () => rmSync(at('quire.db-wal'))],
    [
      'its log is cut in half',
      killed,
      () => truncateSync(at('quire.db-wal'), halfOf('quire.db-wal')),
    ],
    ['its log is garbage', killed, () => writeFileSync(at('quire.db-wal'), garbage)],
    [
      'the last commit in its log is torn',
      killed,
      () => truncateSync(at('quire.db-wal'), bytesOf('quire.db-wal') - 4_000),
    ],
    ['a page is full of zeros', closed, () => writeOver('quire.db', Buffer.alloc(4_096), 4_096)],
    ['another program made it', closed, () => replaceBy('CREATE TABLE other (a)')],
    ['its tables were changed', closed, () => change('ALTER TABLE documents ADD COLUMN more TEXT')],
    ['an index is missing', closed, () => change('DROP INDEX documents_by_change')],
    [
      'a document was removed',
      closed,
      () => change('PRAGMA foreign_keys = 0; DELETE FROM documents WHERE id = 4'),
    ],
    [
      'a title was changed by hand',
      closed,
      () => change("UPDATE documents SET title = 'x' WHERE id = 2"),
    ],
  ]

  const halfOf = (file: string): number => Math.floor(bytesOf(file) / 8_192) * 4_096
  const writeOver = (file: string, bytes: Buffer, offset = 0): void => {
    const all = readFileSync(at(file))
    bytes.copy(all, offset)
    writeFileSync(at(file), all)
  }
  const emptyWithoutMark = (): void => {
    rmSync(at('quire.mark'))
    truncateSync(at('quire.db'), 0)
  }
  const goneWithoutMark = (): void => {
    rmSync(at('quire.mark'))
    rmSync(at('quire.db'))
  }
  const change = (sql: string): void => {
    const db = new DatabaseSync(at('quire.db'))
    db.exec(sql)
    db.close()
  }
  const replaceBy = (sql: string): void => {
    rmSync(at('quire.db'))
    change(sql)
  }

  for (const [what, state, damage] of damages) {
    test(`[SQ4] is refused with a reason and left as it is when ${what}`, async () => {
      copy(state, trial)
      damage()
      const before = contents()
      const error: unknown = await openSqliteStore({ folder: trial }).catch(
        (caught: unknown) => caught,
      )
      expect(error).toMatchObject({ name: 'StoreError', code: 'corrupt', retry: 'never' })
      expect(must(error as StoreError, 'an error').message).toMatch(/quire\.db|document/)
      expect(contents()).toEqual(before)
      // Refused is not broken for ever: whole files in the same place open again.
      copy(state, trial)
      expect(outcomeOf()).toBe('same')
    })
  }

  test('[SQ4] a file of a newer version is refused with `newer` and left as it is', async () => {
    copy(closed, trial)
    change('PRAGMA user_version = 999')
    const before = contents()
    await expect(openSqliteStore({ folder: trial })).rejects.toMatchObject({ code: 'newer' })
    expect(contents()).toEqual(before)
  })

  test('[SQ4] a damaged row is refused with its document and number, and the others open', () => {
    copy(closed, trial)
    change(`UPDATE log SET bytes = zeroblob(length(bytes)) WHERE document_id = 2 AND number = 33;
      UPDATE snapshots SET delete_set = x'00' WHERE document_id = 3;
      DELETE FROM log WHERE document_id = 4 AND number = 40;
      DELETE FROM snapshots WHERE document_id = 5;
      UPDATE log SET number = 1000 WHERE document_id = 6 AND number = 75`)
    const folder = new OpenFolder(trial, 100)
    const database = folder.database()
    const messages = [...heads.keys()].slice(0, 7).map((name) => {
      try {
        return database.open(named(name)).head
      } catch (error) {
        return must(error as StoreError, 'an error').message
      }
    })
    expect(messages).toEqual([
      30,
      'document document-1: row 33 is not what was written',
      'document document-2: snapshot 10 is not what was written',
      'document document-3: row 40 is missing',
      'document document-4: snapshot 10 is missing',
      'document document-5: row 75 is missing',
      84,
    ])
    const { problems } = database.verifyDocuments(0, 100)
    expect(problems).toEqual(messages.filter((message) => typeof message === 'string'))
    folder.close()
  })

  test('[SQ4] after the mark is removed an older copy opens, as its message says', async () => {
    copy(killed, trial)
    rmSync(at('quire.db-wal'))
    await expect(openSqliteStore({ folder: trial })).rejects.toThrow('remove quire.mark')
    rmSync(at('quire.mark'))
    const store = await openSqliteStore({ folder: trial })
    expect((await store.open(named('document-0'))).head).toBe(15)
    await store.close()
  })

  for (const [state, from] of [
    ['closed', closed],
    ['killed', killed],
  ] as const) {
    test(`[SQ4] no flipped bit in the files of a ${state} store is read as something else`, () => {
      const random = createSeededRandom(seed)
      const counts = new Map<Outcome, number>()
      for (let round = 0; round < flips; round++) {
        copy(from, trial)
        const file = state === 'killed' && random.chance(0.6) ? 'quire.db-wal' : 'quire.db'
        const bytes = readFileSync(at(file))
        const [place, bit] = [random.below(bytes.length), random.below(8)]
        bytes[place] = must(bytes[place], 'a byte') ^ (1 << bit)
        writeFileSync(at(file), bytes)
        const outcome = outcomeOf()
        counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
        const what = `bit ${bit} of byte ${place} of ${file}; replay with QUIRE_SEED=${seed} QUIRE_FLIPS=${flips}`
        expect(outcome, what).not.toMatch(/^other/)
      }
      expect(counts.get('same'), 'no flip was harmless').toBeGreaterThan(0)
      expect(flips - (counts.get('same') ?? 0), 'no flip was found').toBeGreaterThan(flips / 10)
    })
  }
})
