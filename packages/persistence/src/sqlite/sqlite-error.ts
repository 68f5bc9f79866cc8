/** What SQLite reports, in the words of the contract. */
import { reasonOf } from '@quire/base'
import { StoreError, type StoreErrorCode } from '../store.ts'

/** Primary result codes of SQLite (the low byte of `errcode`) that mean more than "it failed". */
const codes: Readonly<Record<number, StoreErrorCode>> = {
  5: 'locked', // BUSY: somebody else writes, for longer than the busy timeout
  6: 'locked', // LOCKED
  11: 'corrupt', // CORRUPT
  13: 'full', // FULL
  18: 'bad-request', // TOOBIG: larger than a value can be
  19: 'corrupt', // CONSTRAINT: a row stands where the head says there is none
  26: 'corrupt', // NOTADB
}

/** SQLite's own words for some of them: what reading many rows at once throws has no code. */
const words: readonly (readonly [string, StoreErrorCode])[] = [
  ['database is locked', 'locked'],
  ['database disk image is malformed', 'corrupt'],
  ['database or disk is full', 'full'],
  ['file is not a database', 'corrupt'],
]

/** `error` as a StoreError; one that is a StoreError already stays as it is. `what` begins the message. */
export function asStoreError(error: unknown, what: string): StoreError {
  if (error instanceof StoreError) return error
  return new StoreError(codeOf(error), `${what}: ${reasonOf(error)}`, { cause: error })
}

function codeOf(error: unknown): StoreErrorCode {
  if (typeof error !== 'object' || error === null) return 'io'
  if ('errcode' in error && typeof error.errcode === 'number') {
    return codes[error.errcode & 0xff] ?? 'io'
  }
  if ('code' in error && error.code === 'ENOSPC') return 'full'
  const text = error instanceof Error ? error.message : ''
  return words.find(([sentence]) => text.includes(sentence))?.[1] ?? 'io'
}
