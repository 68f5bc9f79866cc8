/**
 * From what `pg` and the server say to the errors of the contract. Codes: PostgreSQL's appendix A,
 * "Error Codes".
 */
import { reasonOf } from '@quire/base'
import { StoreError, type StoreErrorCode } from '../store.ts'

/** The SQLSTATE of an error of the server; undefined for one of the connection. */
function stateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')
    ? code
    : undefined
}

/**
 * Whether the outcome of the statement is unknown, or it did not run because of something that passes:
 * the connection broke, the server stops, starts, fails over, or broke a deadlock.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof StoreError) return false
  const state = stateOf(error)
  if (state === undefined) return true
  // 08 connection, 40 rolled back, 57P operator intervention, 25006 read-only standby, 53300 too many connections.
  return /^(?:08|40|57P)/.test(state) || state === '25006' || state === '53300'
}

/** Whether a prepared statement did not run because the connection does not know its name, or knows it already. */
export function isNotPrepared(error: unknown): boolean {
  const state = stateOf(error)
  return state === '26000' || state === '42P05'
}

export function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const state = stateOf(error)
  let code: StoreErrorCode = 'io'
  if (state === '53100') code = 'full'
  else if (state === 'XX001' || state === 'XX002') code = 'corrupt'
  return new StoreError(code, `the database failed: ${reasonOf(error)}`, { cause: error })
}
