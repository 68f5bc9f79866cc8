/**
 * Stateless messages of Hocuspocus: text between its clients and whoever embeds the server, about a
 * document and no part of it. The server hands it on and keeps none of it; who is told what is for the
 * application to decide, as with Hocuspocus' own server.
 *
 * 1. Heard of sessions that are granted access, in the order in which each of them sent. Readers may.
 * 2. Listening changes nothing: a listener that fails is written to the log and called again.
 * 3. Not kept and not repeated: who is away does not get it.
 */
import { type Log, reasonOf } from '@quire/base'
import { type DocumentName, encodeStateless, type Limits } from '@quire/protocol'
import type { Grant } from './access/access.ts'
import { type WireFrame, wireFrame } from './session/frame-writer.ts'

/** One session of the document, as the application may know it. */
export interface StatelessPeer {
  readonly document: DocumentName
  /** Of the session; another one after each reconnect. */
  readonly sessionId: string
  readonly user: Grant['user']
  readonly role: Grant['role']
}

export interface StatelessMessage extends StatelessPeer {
  readonly text: string
}

export type OnStateless = (message: StatelessMessage) => void

/** A listener that never throws. */
export function guardedListener(listen: OnStateless | undefined, log: Log): OnStateless {
  const failed = (error: unknown): void =>
    log.error('who listens to stateless messages failed', { reason: reasonOf(error) })
  return (message) => {
    try {
      const done: unknown = listen?.(message)
      // An async function fits the type, and its rejection would end the process.
      if (done instanceof Promise) done.catch(failed)
    } catch (error) {
      failed(error)
    }
  }
}

/** The message as it is sent, without an address. Throws a RangeError over `statelessBytesMax`. */
export function statelessFrame(
  text: string,
  { statelessBytesMax }: Pick<Limits, 'statelessBytesMax'>,
): WireFrame {
  const message = encodeStateless(text)
  if (message.length > statelessBytesMax) {
    throw new RangeError(`a stateless message has at most ${statelessBytesMax} bytes`)
  }
  return wireFrame(message)
}
