/**
 * The one shape of an error over HTTP: `{ error: { code, message } }`, and which fault of the store
 * is which status. Messages are for people; programs read `code`.
 */
import { type Log, reasonOf } from '@quire/base'
import { StoreError } from '@quire/persistence'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

export type ProblemCode =
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'too-large'
  | 'unsupported-type'
  | 'internal'
  | 'unavailable'
  | 'storage-full'

const statusOf: Readonly<Record<ProblemCode, ContentfulStatusCode>> = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'too-large': 413,
  'unsupported-type': 415,
  internal: 500,
  unavailable: 503,
  'storage-full': 507,
}

export function problem(c: Context, code: ProblemCode, message: string): Response {
  return c.json({ error: { code, message } }, statusOf[code], { 'cache-control': 'no-store' })
}

/** Answers every other method of a path that exists. */
export function onlyMethods(...allowed: readonly string[]): (c: Context) => Response {
  return (c) => {
    c.header('allow', allowed.join(', '))
    return problem(c, 'method-not-allowed', `Only ${allowed.join(', ')} here.`)
  }
}

/** What a handler threw, as an answer. Faults that are ours or the disk's are logged; the peer's are not. */
export function problemOf(c: Context, error: unknown, log: Log): Response {
  if (error instanceof HTTPException && error.status < 500) {
    return problem(c, 'bad-request', 'The request could not be read.')
  }
  if (error instanceof StoreError && error.code === 'bad-request') {
    return problem(c, 'bad-request', error.message)
  }
  log.error('request failed', { method: c.req.method, path: c.req.path, reason: reasonOf(error) })
  if (isFull(error))
    return problem(c, 'storage-full', 'The server has no space left. Nothing was stored.')
  if (error instanceof StoreError && error.code !== 'corrupt' && error.code !== 'newer') {
    return problem(c, 'unavailable', 'The storage does not answer. Try again.')
  }
  return problem(c, 'internal', 'Something went wrong on the server. Its log says what.')
}

function isFull(error: unknown): boolean {
  if (error instanceof StoreError) return error.code === 'full'
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOSPC' || error.code === 'EDQUOT')
  )
}
