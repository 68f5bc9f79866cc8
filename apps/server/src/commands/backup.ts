/** `quire backup`: all documents, or one, into a file that says by itself whether it is whole. Uploads are not in it. */
import {
  openPostgresStore,
  openSqliteSnapshot,
  StoreError,
  writeBackupFile,
} from '@quire/persistence'
import { StartError } from '../start-error.ts'
import type { Command } from './command.ts'
import { documentOf, type Environment, placeOf } from './open-store.ts'
import { type Options, readOptions } from './options.ts'

export const backup: Command = {
  usage: '[--data <folder>] --to <file> [--document <name>]',
  sentence:
    'Writes a backup, also while the server runs. Uploaded files are not in it: copy <data>/files.',
  async run(args, { say }, env) {
    const options = readOptions(args, ['data', 'to', 'document'])
    const file = options.needed('to')
    const name = options.text('document')
    const document = name === undefined ? undefined : documentOf(name)
    const source = await openSource(options, env)
    let byteCount: number
    try {
      byteCount = await writeBackupFile(source, file, {
        madeMs: Date.now(),
        ...(document && { document }),
      })
    } catch (error) {
      throw new StartError(
        `no backup was written: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      )
    } finally {
      await source.close()
    }
    say(`${file}: ${byteCount} bytes`)
  },
}

async function openSource(options: Options, env: Environment) {
  const place = placeOf(options, env)
  try {
    return 'url' in place ? await openPostgresStore(place) : openSqliteSnapshot(place.folder)
  } catch (error) {
    if (error instanceof StoreError) throw new StartError(error.message, { cause: error })
    throw error
  }
}
