/**
 * Hocuspocus transport: carries the frames of one session on a socket that it shares with others, with
 * its address before each message. Knows nothing about what the messages are.
 *
 * 1. What goes to many sockets with the same address is put together once: the addressed bytes are
 *    kept beside the frame for as long as somebody else keeps the frame.
 * 2. A long message is never copied: the address is written before the same bytes.
 */
import { type CloseName, encodeHocuspocusAddress } from '@quire/protocol'
import {
  joinFrames,
  type SharedSocket,
  type Transport,
  type UnreadAnswers,
  type WireFrame,
  wireFrame,
} from '../session/frame-writer.ts'

/** Above this per message, three writes cost less than a copy. */
const copiedBytesMax = 16 * 1024

/** The last address that a frame was put together for. A frame of a document is for one; the few that belong to none are small. */
const addressed = new WeakMap<WireFrame, { readonly address: string; readonly frame: WireFrame }>()

/** Whether anything was written to a socket yet. */
export interface Voice {
  hasSpoken: boolean
}

export interface AddressedTransportOptions {
  readonly socket: SharedSocket
  readonly voice: Voice
  readonly answers: UnreadAnswers
  /** As the client wrote it. */
  readonly address: string
  /** Whether other sockets can have the same address. */
  readonly isShared: boolean
  readonly onEnd: (name: CloseName) => void
}

export class AddressedTransport implements Transport {
  readonly answers: UnreadAnswers
  readonly #options: AddressedTransportOptions
  readonly #prefix: Uint8Array

  constructor(options: AddressedTransportOptions) {
    this.answers = options.answers
    this.#options = options
    this.#prefix = encodeHocuspocusAddress(options.address)
  }

  get bufferedBytes(): number {
    return this.#options.socket.bufferedBytes
  }

  write(frame: WireFrame): void {
    const { socket, voice } = this.#options
    const { framed, messages } = frame
    voice.hasSpoken = true
    if (framed.length > copiedBytesMax * messages.length) {
      for (const message of messages) socket.writeParts([this.#prefix, message])
    } else {
      socket.write(this.#addressed(frame))
    }
  }

  writeParts(parts: readonly Uint8Array[]): void {
    this.#options.voice.hasSpoken = true
    this.#options.socket.writeParts([this.#prefix, ...parts])
  }

  gather(call: () => void): void {
    const { socket } = this.#options
    if (socket.gather) socket.gather(call)
    else call()
  }

  end(name: CloseName): void {
    this.#options.onEnd(name)
  }

  #addressed(frame: WireFrame): WireFrame {
    const { address, isShared } = this.#options
    if (!isShared) return this.#encode(frame)
    const last = addressed.get(frame)
    if (last?.address === address) return last.frame
    const made = this.#encode(frame)
    addressed.set(frame, { address, frame: made })
    return made
  }

  #encode(frame: WireFrame): WireFrame {
    return joinFrames(
      frame.messages.map((message) => wireFrame(Buffer.concat([this.#prefix, message]))),
    )
  }
}
