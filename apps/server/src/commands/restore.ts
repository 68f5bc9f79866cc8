/** `quire restore`: documents of a backup into a store. Overwrites nothing. */
import { createReadStream } from 'node:fs'
import { BackupError, restoreBackup } from '@quire/persistence'
import { codeOf, StartError } from '../start-error.ts'
import type { Command } from './command.ts'
import { documentOf, withStore } from './open-store.ts'
import { readOptions } from './options.ts'

export const restore: Command = {
  usage: '[--data <folder>] --from <file> [--document <name> …] [--dry-run]',
  sentence:
    'Brings documents of a backup back, all or some. A document that is there is left alone.',
  async run(args, { say, problem }, env) {
    const options = readOptions(args, ['data', 'from', 'document'], ['dry-run'])
    const file = options.needed('from')
    const names = options.all('document').map(documentOf)
    const isDryRun = options.isOn('dry-run')
    try {
      const { restored, taken, missing } = await withStore(options, env, (store) =>
        restoreBackup(store, () => createReadStream(file), {
          isDryRun,
          ...(names.length > 0 && { documents: new Set(names) }),
        }),
      )
      for (const document of restored) say(`${isDryRun ? 'would restore' : 'restored'} ${document}`)
      for (const document of taken) problem(`${document} is there, or was deleted: left alone`)
      for (const document of missing) problem(`${document} is not in the backup`)
    } catch (error) {
      if (error instanceof BackupError || codeOf(error) !== '') {
        throw new StartError(`${file}: ${(error as Error).message}`, { cause: error })
      }
      throw error
    }
  },
}
