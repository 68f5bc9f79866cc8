/** A load client: a bare socket that speaks the protocol, without the cost of a whole provider. */
import { messageType, quireSubprotocol, syncType } from '@quire/protocol'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import WebSocket from 'ws'

export interface RawClient {
  readonly socket: WebSocket
  sendUpdate(update: Uint8Array): void
}

export interface RawClientOptions {
  readonly url: string
  /** Every Step2 and Update that arrives, with the bytes of its update. */
  readonly onUpdate: (update: Uint8Array, kind: 'step2' | 'update') => void
}

/** Connects, asks for the whole document and answers the server's question with "nothing". */
export async function openRawClient({ url, onUpdate }: RawClientOptions): Promise<RawClient> {
  const socket = new WebSocket(url, [quireSubprotocol], { perMessageDeflate: false })
  socket.binaryType = 'nodebuffer'
  socket.on('message', (data: Buffer) => {
    if (data[0] !== messageType.sync) return
    const decoder = decoding.createDecoder(data)
    decoding.readVarUint(decoder)
    const kind = decoding.readVarUint(decoder)
    const bytes = decoding.readVarUint8Array(decoder)
    if (kind === syncType.step1) send(socket, syncType.step2, Uint8Array.of(0, 0))
    else onUpdate(bytes, kind === syncType.step2 ? 'step2' : 'update')
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  send(socket, syncType.step1, Uint8Array.of(0))
  return { socket, sendUpdate: (update) => send(socket, syncType.update, update) }
}

function send(socket: WebSocket, kind: number, bytes: Uint8Array): void {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, messageType.sync)
  encoding.writeVarUint(encoder, kind)
  encoding.writeVarUint8Array(encoder, bytes)
  socket.send(encoding.toUint8Array(encoder))
}
