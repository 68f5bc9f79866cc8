/**
 * Access in front of REST routes: finds out who asks, once for each request, and puts it where the
 * routes find it. Without anybody there is 401, and no route is run.
 */
import { type Log, reasonOf } from '@quire/base'
import { bearerOf } from '@quire/sync-server'
import type { MiddlewareHandler } from 'hono'
import type { Access, Holder } from './access.ts'
import { problem } from './problem.ts'

export interface Held {
  readonly Variables: { readonly holder: Holder }
}

export function askedBy(
  access: Access,
  log: Log,
): MiddlewareHandler<{ Variables: { holder: Holder } }> {
  return async (c, next) => {
    let holder: Holder | undefined
    try {
      holder = await access.holderOf(bearerOf(c.req.header('authorization')))
    } catch (error) {
      log.error('access could not be decided', { reason: reasonOf(error) })
      return problem(c, 'unavailable', 'Access cannot be decided at the moment. Try again.')
    }
    if (!holder) {
      c.header('www-authenticate', 'Bearer')
      return problem(c, 'unauthorized', 'Send a token that is good: authorization: Bearer …')
    }
    c.set('holder', holder)
    return next()
  }
}
