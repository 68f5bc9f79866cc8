/**
 * What a UI shows about saving: facts in, one of six states out. Pure.
 *
 * 1. `saved` needs an acknowledgement; no other fact can stand in for it.
 */
import { unreachable } from '@quire/base'
import type { Role } from '@quire/protocol'
import type { Link } from './link.ts'

/**
 * - `saved`: the server has everything of this device on stable storage, and is connected.
 * - `saving`: connected or connecting for the first time; the server has not yet confirmed everything.
 * - `unconfirmed`: connected to a server that never says what it stored (a stock y-websocket server).
 * - `offline`: no connection; the provider keeps trying unless `disconnect` was called.
 * - `readOnly`: connected, and one's role does not allow to write. Edits stay here; should the role
 *   change, they go up.
 * - `refused`: the server closed for good (44xx); nothing is tried until `connect` is called.
 *
 * `unsaved` counts the edits of this device that no server acknowledged. What the document or the
 * offline copy held before counts as one edit until the server has confirmed it.
 * `keptOnDevice`: the offline copy has confirmed that every edit so far is written.
 */
export type SaveStatus =
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving'; readonly unsaved: number }
  | { readonly kind: 'unconfirmed'; readonly unsaved: number }
  | { readonly kind: 'offline'; readonly unsaved: number; readonly keptOnDevice: boolean }
  | { readonly kind: 'readOnly'; readonly unsaved: number; readonly keptOnDevice: boolean }
  | {
      readonly kind: 'refused'
      readonly code: number
      readonly reason: string
      readonly unsaved: number
    }

export interface StatusFacts {
  readonly link: Link
  readonly isSaved: boolean
  readonly unsaved: number
  readonly keptOnDevice: boolean
  /** As the server said last; undefined before. */
  readonly role: Role | undefined
}

export function statusOf({ link, isSaved, unsaved, keptOnDevice, role }: StatusFacts): SaveStatus {
  switch (link.kind) {
    case 'refused':
      return { kind: 'refused', code: link.code, reason: link.reason, unsaved }
    case 'off':
    case 'lost':
      return { kind: 'offline', unsaved, keptOnDevice }
    case 'connecting':
      return { kind: 'saving', unsaved }
    case 'open':
      if (link.acknowledges === 'never') return { kind: 'unconfirmed', unsaved }
      if (link.acknowledges === 'yes' && (role === 'view' || role === 'comment')) {
        return { kind: 'readOnly', unsaved, keptOnDevice }
      }
      return isSaved ? { kind: 'saved' } : { kind: 'saving', unsaved }
    default:
      return unreachable(link)
  }
}

export function isSameStatus(a: SaveStatus, b: SaveStatus): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
