/** `quire import`: documents of other servers. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  type ForeignDocument,
  importDocuments,
  readHocuspocusPostgres,
  readHocuspocusSqlite,
  readLeveldb,
  type LeveldbReader,
  StoreError,
} from '@quire/persistence'
import { codeOf, StartError } from '../start-error.ts'
import { type Command, UsageError } from './command.ts'
import { withStore } from './open-store.ts'
import { type Options, readOptions } from './options.ts'

const sources = ['hocuspocus-sqlite', 'hocuspocus-postgres', 'y-leveldb', 'update'] as const

export const importing: Command = {
  usage: `[--data <folder>] (${sources.map((source) => `--${source} <place>`).join(' | ')}) [--table <name> --name-column <name> --data-column <name>] [--dry-run]`,
  sentence:
    'Brings documents of a Hocuspocus table, a y-leveldb folder, or files of one Yjs update each (--update, may be given more than once).',
  async run(args, { say, problem }, env) {
    const columns = ['table', 'name-column', 'data-column']
    const options = readOptions(args, ['data', ...sources, ...columns], ['dry-run'])
    const given = sources.filter((source) => options.text(source) !== undefined)
    const [kind] = given
    if (kind === undefined || given.length > 1) {
      throw new UsageError(
        `say where from: one of ${sources.map((source) => `--${source}`).join(', ')}`,
      )
    }
    const isDryRun = options.isOn('dry-run')
    try {
      const { imported, left } = await withStore(options, env, (store) =>
        importDocuments(store, read(kind, options), { isDryRun }),
      )
      for (const { document, bytes } of imported) {
        say(`${isDryRun ? 'would import' : 'imported'} ${document} (${bytes} bytes)`)
      }
      for (const { from, why } of left) problem(`${from}: ${why}`)
    } catch (error) {
      if (error instanceof StoreError || codeOf(error) !== '') {
        throw new StartError((error as Error).message, { cause: error })
      }
      throw error
    }
  },
}

function read(kind: (typeof sources)[number], options: Options): AsyncIterable<ForeignDocument> {
  const place = options.needed(kind)
  const [table, nameColumn, dataColumn] = ['table', 'name-column', 'data-column'].map(options.text)
  const names = {
    ...(table !== undefined && { table }),
    ...(nameColumn !== undefined && { nameColumn }),
    ...(dataColumn !== undefined && { dataColumn }),
  }
  switch (kind) {
    case 'hocuspocus-sqlite':
      return readHocuspocusSqlite(place, names)
    case 'hocuspocus-postgres':
      return readHocuspocusPostgres(place, names)
    case 'y-leveldb':
      return readLeveldbFolder(place)
    case 'update':
      return readFiles(options.all('update'))
  }
}

async function* readFiles(files: readonly string[]): AsyncGenerator<ForeignDocument> {
  for (const file of files) {
    const name = basename(file).replace(/\.[^.]+$/, '')
    yield { name, updates: [new Uint8Array(await readFile(file))] }
  }
}

/** y-leveldb is not part of Quire: its native part is nothing that everybody should have to install. */
async function* readLeveldbFolder(folder: string): AsyncGenerator<ForeignDocument> {
  const moduleName = 'y-leveldb'
  let reader: LeveldbReader & { destroy(): Promise<void> }
  try {
    const { LeveldbPersistence } = (await import(moduleName)) as {
      LeveldbPersistence: new (folder: string) => typeof reader
    }
    reader = new LeveldbPersistence(folder)
  } catch (error) {
    throw new StartError('y-leveldb is needed to read its folders: npm install y-leveldb', {
      cause: error,
    })
  }
  try {
    yield* readLeveldb(reader)
  } finally {
    await reader.destroy()
  }
}
