/**
 * Reads the addresses of the frames of one socket. Mostly each frame has that of the one before, and
 * then nothing is decoded.
 */
import {
  decodeHocuspocusAddress,
  type HocuspocusAddress,
  type Limits,
  type Refused,
} from '@quire/protocol'

export class AddressReader {
  readonly #limits: Pick<Limits, 'addressBytesMax'>
  #last: HocuspocusAddress | undefined = undefined
  /** Its bytes with their length, which no other address begins with. */
  #lastBytes = new Uint8Array()

  constructor(limits: Pick<Limits, 'addressBytesMax'>) {
    this.#limits = limits
  }

  /** The address of the last frame that had one. */
  get last(): HocuspocusAddress | undefined {
    return this.#last
  }

  read(frame: Uint8Array): HocuspocusAddress | Refused {
    if (this.#last && beginsWith(frame, this.#lastBytes)) return this.#last
    const address = decodeHocuspocusAddress(frame, this.#limits)
    if ('kind' in address) return address
    this.#last = address
    this.#lastBytes = Uint8Array.from(frame.subarray(0, address.messageAt))
    return address
  }
}

function beginsWith(frame: Uint8Array, bytes: Uint8Array): boolean {
  if (frame.length < bytes.length) return false
  for (let i = 0; i < bytes.length; i++) if (frame[i] !== bytes[i]) return false
  return true
}
