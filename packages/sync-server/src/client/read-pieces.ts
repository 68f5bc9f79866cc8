/**
 * The pieces in which the stream of one socket was read: each is freed as soon as the WebSocket library
 * is through with it, so that a peer that sends megabytes leaves nothing behind that waits for the
 * collector. Knows nothing of what is in them.
 *
 * 1. A piece is freed only when no byte in it is waiting for the rest of its message.
 * 2. Where the library does not show what it holds, nothing is freed. That costs memory only.
 */
import { freeBytes, freedBytesMin } from '@quire/persistence'
import type { WebSocket } from 'ws'

/** The parts of a `ws` socket that its documentation does not promise. */
interface Inside {
  readonly _receiver?: {
    /** Bytes at the end of what came that belong to a message that is not whole. */
    readonly _bufferedBytes?: number
    /** Views on the parts of a message that came in several. */
    readonly _fragments?: readonly unknown[]
    readonly writableLength?: number
  }
}

export class ReadPieces {
  readonly #receiver: Inside['_receiver']
  /** Those in which something waits, oldest first. */
  #pieces: Uint8Array[] = []
  #byteCount = 0

  constructor(ws: WebSocket) {
    this.#receiver = (ws as unknown as Inside)._receiver
  }

  /** The library has looked at `piece`. */
  seen(piece: Uint8Array): void {
    if (this.#pieces.length === 0 && piece.length <= freedBytesMin) return
    this.#pieces.push(piece)
    this.#byteCount += piece.length
    const waiting = this.#waitingBytes()
    if (waiting === undefined) {
      this.#pieces = []
      this.#byteCount = 0
      return
    }
    let doneCount = 0
    for (const done of this.#pieces) {
      if (this.#byteCount - done.length < waiting) break
      this.#byteCount -= done.length
      doneCount += 1
      freeBytes(done)
    }
    if (doneCount > 0) this.#pieces.splice(0, doneCount)
  }

  /** How many of the last bytes the library still holds; undefined when that is not known. */
  #waitingBytes(): number | undefined {
    const { _bufferedBytes: buffered, _fragments: parts, writableLength } = this.#receiver ?? {}
    if (buffered === undefined || parts === undefined || writableLength === undefined) return
    return parts.length > 0 ? undefined : buffered + writableLength
  }
}
