/** The store that a command works on: a data folder, or a PostgreSQL database. */
import { openPostgresStore, openSqliteStore, type Store, StoreError } from '@quire/persistence'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { StartError } from '../start-error.ts'
import { UsageError } from './command.ts'
import type { Options } from './options.ts'

/** The environment of a command: the place of a database is in it, because it holds a password. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Where a command's documents are: the folder that `--data` names, else the database of `QUIRE_DATABASE`. Throws {@link UsageError} for neither. */
export function placeOf(
  options: Options,
  env: Environment,
): { readonly folder: string } | { readonly url: string } {
  const folder = options.text('data')
  if (folder !== undefined) return { folder }
  const url = env['QUIRE_DATABASE']
  if (url !== undefined && url !== '') return { url }
  throw new UsageError('say where the documents are: --data <folder>, or QUIRE_DATABASE=<url>')
}

/** Opens the store for writing and runs `work` on it. A server that uses the same folder has to be stopped. */
export async function withStore<T>(
  options: Options,
  env: Environment,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore(options, env)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function openStore(options: Options, env: Environment): Promise<Store> {
  const place = placeOf(options, env)
  try {
    return 'url' in place ? await openPostgresStore(place) : await openSqliteStore(place)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const hint = error.code === 'locked' ? '; stop the server first' : ''
    throw new StartError(`${error.message}${hint}`, { cause: error })
  }
}

/** Throws {@link UsageError} for a text that is not a document's name. */
export function documentOf(text: string): DocumentName {
  const document = parseDocumentName(text)
  if (document === undefined) throw new UsageError(`${JSON.stringify(text)} is not a document name`)
  return document
}
