/**
 * What the save indicator says. Pure: the provider's status in, words out.
 *
 * 1. "Saved" is said only of the status `saved`, so only after the server has confirmed everything.
 * 2. Whoever closes the page while `mayLose` is true may lose edits.
 */
import { unreachable } from '@quire/base'
import { closeCodes } from '@quire/protocol'
import type { SaveStatus } from '@quire/provider'

export interface SaveWords {
  readonly tone: 'good' | 'busy' | 'offline' | 'bad'
  /** One or two words, for a phone. */
  readonly short: string
  /** The whole truth in one line. */
  readonly long: string
  /** What it means and what to do, in a sentence or two. */
  readonly detail: string
}

const edits = (count: number): string => `${count} ${count === 1 ? 'edit' : 'edits'}`

const refusals: readonly (readonly [code: number, words: string, detail: string])[] = [
  [
    closeCodes.deleted.code,
    'the document was deleted',
    'What you see is your own copy of it; nothing more is saved.',
  ],
  [
    closeCodes.otherLineage.code,
    'this document was begun anew',
    'The server has another document at this address by now. What you see is your own copy of the one before; nothing of either is mixed. Copy what you need to somewhere else.',
  ],
  [
    closeCodes.clientIdTaken.code,
    'this page cannot be told from another',
    'Somebody else wrote under the same number as this page. Your words are still here and on this device: copy what is not saved to somewhere else.',
  ],
  [
    closeCodes.unauthorized.code,
    'you are not signed in',
    'The server does not know who you are, or not any more. Sign in again and reload the page.',
  ],
  [
    closeCodes.forbidden.code,
    'you may not open this document',
    'The server does not let you read or write this document.',
  ],
  [
    closeCodes.tooLarge.code,
    'an edit is too large',
    'The server takes no edit of this size, or the document is as large as it may be. Nothing of it was kept there.',
  ],
  [
    closeCodes.badName.code,
    'this is no document address',
    'The address of this page is not one of a document.',
  ],
  [
    closeCodes.malformed.code,
    'the server did not understand an edit',
    'Reload the page: an older version of the app may be running here.',
  ],
]

/** Why the server refused, in words for people: a phrase, and a sentence about it. */
export function refusalWords(code: number, reason: string): { phrase: string; detail: string } {
  const known = refusals.find(([knownCode]) => knownCode === code)
  if (known !== undefined) return { phrase: known[1], detail: known[2] }
  return {
    phrase: reason === '' ? `the server refused (${code})` : reason,
    detail: 'The server takes no more edits from this page.',
  }
}

/** `storage` is what the server last said about its own disk. */
export function saveWords(status: SaveStatus, storage: 'ok' | 'failing'): SaveWords {
  switch (status.kind) {
    case 'saved':
      return {
        tone: 'good',
        short: 'Saved',
        long: 'Saved',
        detail: 'Every edit is stored on the server.',
      }
    case 'unconfirmed':
      return {
        tone: 'busy',
        short: 'Sent',
        long: 'Sent, not confirmed',
        detail: 'This server does not say what it has stored. Your edits were sent to it.',
      }
    case 'saving':
      if (status.unsaved === 0) {
        return {
          tone: 'busy',
          short: 'Connecting…',
          long: 'Connecting…',
          detail: 'Asking the server for the newest version of this document.',
        }
      }
      if (storage === 'failing') {
        return {
          tone: 'offline',
          short: 'Saving…',
          long: 'Saving… the server has trouble',
          detail:
            'The server cannot write to its disk at the moment and keeps trying. Leave this page open until it says Saved.',
        }
      }
      return {
        tone: 'busy',
        short: 'Saving…',
        long: 'Saving…',
        detail: 'Edits are on the way to the server. It confirms each when it is stored.',
      }
    case 'offline':
      if (status.unsaved === 0) {
        return {
          tone: 'offline',
          short: 'Offline',
          long: 'Offline',
          detail: status.keptOnDevice
            ? 'The server cannot be reached. You can go on writing: edits are kept on this device and sent when it is back.'
            : 'The server cannot be reached, and this browser keeps no copy. Edits made now live only in this page until it is back.',
        }
      }
      return status.keptOnDevice
        ? {
            tone: 'offline',
            short: `Offline · ${status.unsaved}`,
            long: `Offline — ${edits(status.unsaved)} kept on this device`,
            detail:
              'The server cannot be reached. Your edits are kept in this browser and sent when it is back, also after closing the page.',
          }
        : {
            tone: 'bad',
            short: 'Not kept',
            long: 'Offline — not kept on this device',
            detail: `The server cannot be reached and this browser keeps no copy: ${edits(status.unsaved)} would be lost if this page were closed.`,
          }
    case 'readOnly':
      if (status.unsaved === 0) {
        return {
          tone: 'good',
          short: 'View only',
          long: 'View only',
          detail: 'You may read this document. You see what others change as they do.',
        }
      }
      return {
        tone: 'bad',
        short: 'Not saved',
        long: 'Not saved: you may only view this document',
        detail: `The server does not take ${edits(status.unsaved)} of yours. ${
          status.keptOnDevice
            ? 'They are kept on this device, and sent when you may write again.'
            : 'They are lost when this page is closed.'
        }`,
      }
    case 'refused': {
      const { phrase, detail } = refusalWords(status.code, status.reason)
      return { tone: 'bad', short: 'Not saved', long: `Not saved: ${phrase}`, detail }
    }
    default:
      return unreachable(status)
  }
}

/** What a screen reader is told: trouble when it begins, and that it is over. Not every "Saving…", and not every edit. */
export function announcementOf(status: SaveStatus, hadTrouble: boolean): string {
  switch (status.kind) {
    case 'offline':
      return status.keptOnDevice
        ? 'Offline. Edits are kept on this device.'
        : 'Offline. Edits are not kept on this device.'
    case 'refused':
      return `Not saved: ${refusalWords(status.code, status.reason).phrase}.`
    case 'readOnly':
      return status.unsaved > 0 ? 'Not saved: you may only view this document.' : ''
    case 'saved':
      return hadTrouble ? 'Saved' : ''
    case 'saving':
    case 'unconfirmed':
      return ''
    default:
      return unreachable(status)
  }
}
