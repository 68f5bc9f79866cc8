/** `quire repair`: takes what can be read of a damaged data folder into a new file, and sets the damaged one aside. */
import { systemClock } from '@quire/base'
import { type RepairedDocument, repairSqliteStore, StoreError } from '@quire/persistence'
import { StartError } from '../start-error.ts'
import type { Command } from './command.ts'
import { readOptions } from './options.ts'

export const repair: Command = {
  usage: '--data <folder> [--dry-run]',
  sentence:
    'Keeps what can be read of damaged documents; the files as they were go to <data>/aside-…, with a manifest. Stop the server first.',
  async run(args, { say, problem }) {
    const options = readOptions(args, ['data'], ['dry-run'])
    const folder = options.needed('data')
    const isDryRun = options.isOn('dry-run')
    try {
      const report = repairSqliteStore({ folder, clock: systemClock, isDryRun })
      const { documents, repaired, problems, asidePath } = report
      for (const each of repaired) problem(sentenceOf(each))
      for (const text of problems) problem(text)
      if (asidePath !== undefined) {
        say(`documents in the new file: ${documents}; the old one is in ${asidePath}`)
        say('bring lost documents back from a backup: quire restore --document <name>')
      } else if (repaired.length > 0 || problems.length > 0) {
        say(`documents that would be in a new file: ${documents}; nothing was changed`)
      } else say(`documents: ${documents}; nothing is wrong`)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      const hint = error.code === 'locked' ? '; stop the server first' : ''
      throw new StartError(`${error.message}${hint}`, { cause: error })
    }
  },
}

function sentenceOf({
  document,
  kind,
  head,
  headBefore,
  problem,
  updates,
}: RepairedDocument): string {
  const name = document ?? 'a document whose name cannot be read'
  const later = updates.length > 0 ? `, ${updates.length} later edits as files of their own` : ''
  switch (kind) {
    case 'kept':
      return `${name}: kept, but for some names of authors (${problem})`
    case 'cut':
      return `${name}: kept up to edit ${head} of ${headBefore}${later} (${problem})`
    case 'lost':
      return `${name}: lost${later} (${problem})`
  }
}
