/**
 * `quire collect`: removes uploads that no document and no version shows any more. Where there is no
 * document at all it removes nothing: that is a wrong folder, not an empty one.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '@quire/base'
import { collectBlobs, documentReferences, StoreError } from '@quire/persistence'
import { s3Options, s3Settings } from '../s3-settings.ts'
import { codeOf, StartError } from '../start-error.ts'
import { openUploads } from '../uploads.ts'
import { type Command, UsageError } from './command.ts'
import { placeOf, withStore } from './open-store.ts'
import { readOptions } from './options.ts'

const dayMs = 86_400_000
/** A page that is offline may still bring a picture that was uploaded so long ago. */
const daysDefault = '30'

export const collect: Command = {
  usage: '[--data <folder>] [--uploads <folder>] [--older-than-days <number>] [--dry-run]',
  sentence:
    'Removes uploads that nothing shows any more: those in --uploads, else in <data>/files, or in the bucket of QUIRE_S3_…. Stop the server first.',
  async run(args, { say }, env) {
    const options = readOptions(args, ['data', 'uploads', 'older-than-days'], ['dry-run'])
    const days = options.text('older-than-days') ?? daysDefault
    if (!/^\d{1,5}$/.test(days)) throw new UsageError('--older-than-days takes a whole number')
    const place = placeOf(options, env)
    if ('folder' in place && !existsSync(join(place.folder, 'quire.db'))) {
      throw new StartError(
        `there is no quire.db in ${place.folder}; with documents in a database give --uploads instead of --data`,
      )
    }
    const folder =
      options.text('uploads') ?? ('folder' in place ? join(place.folder, 'files') : undefined)
    if (folder === undefined) throw new UsageError('say where uploads are: --uploads <folder>')
    const s3 = s3Options((name) => {
      const setting = s3Settings.find((each) => each.name === name)
      return env[setting?.env ?? ''] ?? setting?.default ?? ''
    })
    if (typeof s3 === 'string') throw new UsageError(s3)
    const isDryRun = options.isOn('dry-run')
    try {
      const uploads = await openUploads(folder, s3)
      const { kept, deleted, deletedBytes } = await withStore(options, env, async (store) => {
        if ((await store.list({ limit: 1 })).documents.length === 0) {
          throw new StartError('there is no document; nothing was removed')
        }
        return collectBlobs(uploads, {
          references: documentReferences(store),
          graceMs: Number(days) * dayMs,
          clock: systemClock,
          isDryRun,
        })
      })
      for (const name of deleted) say(`${isDryRun ? 'would remove' : 'removed'} ${name}`)
      const what = isDryRun ? 'uploads would be removed' : 'uploads removed'
      say(`${deleted.length} ${what} (${deletedBytes} bytes), ${kept} kept`)
    } catch (error) {
      if (error instanceof StoreError || codeOf(error) !== '') {
        throw new StartError((error as Error).message, { cause: error })
      }
      throw error
    }
  },
}
