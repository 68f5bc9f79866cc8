/** `quire purge`: erases deleted documents for good. The only command that removes what people wrote, so it never runs without being told which. */
import { pageDocumentsMax, type Store, StoreError, vacuumSqliteStore } from '@quire/persistence'
import type { DocumentName } from '@quire/protocol'
import { StartError } from '../start-error.ts'
import { type Command, UsageError } from './command.ts'
import { documentOf, placeOf, withStore } from './open-store.ts'
import { readOptions } from './options.ts'

const dayMs = 86_400_000

export const purge: Command = {
  usage: '[--data <folder>] (--document <name> … | --older-than-days <number>) [--dry-run]',
  sentence:
    'Erases deleted documents for good: the named ones, or those that were deleted so long ago. Stop the server first.',
  async run(args, { say, problem }, env) {
    const options = readOptions(args, ['data', 'document', 'older-than-days'], ['dry-run'])
    const names = options.all('document').map(documentOf)
    const days = options.text('older-than-days')
    if (names.length > 0 === (days !== undefined)) {
      throw new UsageError('say which: --document <name> …, or --older-than-days <number>')
    }
    if (days !== undefined && !/^\d{1,5}$/.test(days)) {
      throw new UsageError('--older-than-days takes a whole number')
    }
    const isDryRun = options.isOn('dry-run')
    const erase = async (store: Store, document: DocumentName): Promise<void> => {
      const isThere = isDryRun
        ? (await store.open(document)).isDeleted
        : (await store.trash.purge(document)) === 'done'
      if (isThere) say(`${isDryRun ? 'would erase' : 'erased'} ${document}`)
      else problem(`${document} is not a deleted document, or nothing is left of it`)
    }
    await withStore(options, env, async (store) => {
      for (const document of names) await erase(store, document)
      if (days === undefined) return
      const beforeMs = Date.now() - Number(days) * dayMs
      for (;;) {
        const page = await store.trash.list({ limit: pageDocumentsMax, beforeMs })
        for (const { document } of page) await erase(store, document)
        // What is erased leaves the list; what would be stays in it.
        if (isDryRun || page.length < pageDocumentsMax) return
      }
    })
    const place = placeOf(options, env)
    if (isDryRun || !('folder' in place)) return
    try {
      vacuumSqliteStore(place.folder)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      throw new StartError(`erased, but the file was not written anew: ${error.message}`, {
        cause: error,
      })
    }
  },
}
