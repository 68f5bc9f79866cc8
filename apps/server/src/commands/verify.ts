/** `quire verify`: reads everything in a store, or a backup, and says what is wrong with it. Changes nothing. */
import { createReadStream } from 'node:fs'
import { silentLog } from '@quire/base'
import {
  BackupError,
  pageDocumentsMax,
  readBackup,
  type Store,
  StoreError,
} from '@quire/persistence'
import { JobError } from '@quire/persistence/work'
import { codeOf, StartError } from '../start-error.ts'
import { type Command, UsageError } from './command.ts'
import { withStore } from './open-store.ts'
import { readOptions } from './options.ts'
import { createDocumentWorkers } from '../workers/document-workers.ts'

export const verify: Command = {
  usage: '[--data <folder> [--content] | --backup <file>]',
  sentence:
    'Reads and checks every document, or every byte of a backup; --content also loads each document as an editor does. Exit code 1 when something is wrong.',
  async run(args, { say, problem }, env) {
    const options = readOptions(args, ['data', 'backup'], ['content'])
    const file = options.text('backup')
    if (file === undefined) {
      const { documents, problems } = await withStore(options, env, async (store) => {
        const found = await store.verify()
        if (!options.isOn('content')) return found
        return { ...found, problems: [...found.problems, ...(await contentProblems(store))] }
      })
      for (const line of problems) problem(line)
      say(`${documents} documents, ${problems.length} problems`)
      return
    }
    if (options.text('data') !== undefined || options.isOn('content')) {
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

/** What is wrong with documents whose bytes are what was written. Each is loaded in a thread, which it may cost and no more. */
async function contentProblems(store: Store): Promise<string[]> {
  const workers = createDocumentWorkers({ log: silentLog })
  const problems: string[] = []
  try {
    for (let after: string | undefined; ; ) {
      const { documents, next } = await store.list({ limit: pageDocumentsMax, after })
      for (const { document } of documents) {
        try {
          const stored = await store.open(document)
          const found = await workers.verify(document, stored)
          problems.push(...found.map((sentence) => `document ${document}: ${sentence}`))
        } catch (error) {
          // What the store refuses it has named already.
          if (error instanceof JobError) problems.push(error.message)
          else if (!(error instanceof StoreError)) throw error
        }
      }
      if (next === undefined) return problems
      after = next
    }
  } finally {
    await workers.close()
  }
}
