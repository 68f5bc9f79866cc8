/** `quire verify`: reads everything in a store, or a backup, and says what is wrong with it. Changes nothing. */
import { createReadStream } from 'node:fs'
import { BackupError, readBackup } from '@quire/persistence'
import { codeOf, StartError } from '../start-error.ts'
import { type Command, UsageError } from './command.ts'
import { withStore } from './open-store.ts'
import { readOptions } from './options.ts'

export const verify: Command = {
  usage: '[--data <folder> | --backup <file>]',
  sentence:
    'Reads and checks every document, or every byte of a backup. Exit code 1 when something is wrong.',
  async run(args, { say, problem }, env) {
    const options = readOptions(args, ['data', 'backup'])
    const file = options.text('backup')
    if (file === undefined) {
      const { documents, problems } = await withStore(options, env, (store) => store.verify())
      for (const line of problems) problem(line)
      say(`${documents} documents, ${problems.length} problems`)
      return
    }
    if (options.text('data') !== undefined) {
      throw new UsageError('--backup stands alone')
    }
    let documents = 0
    try {
      for await (const _ of readBackup(createReadStream(file))) documents += 1
      say(`${documents} documents, 0 problems`)
    } catch (error) {
      if (error instanceof BackupError) problem(error.message)
      else if (codeOf(error) !== '')
        throw new StartError((error as Error).message, { cause: error })
      else throw error
    }
  },
}
