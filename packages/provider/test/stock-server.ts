/** The smallest y-websocket server: y-protocols in memory, nothing stored, nothing acknowledged, presence echoed to everybody. */
import type { AddressInfo } from 'node:net'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as syncProtocol from 'y-protocols/sync'
import * as Y from 'yjs'

export interface StockServer {
  readonly url: string
  docOf(document: string): Y.Doc
}

interface Room {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly sockets: Set<WebSocket>
}

/** Listens on a free port until the test ends. `selects`: takes the first subprotocol that a client offers, as `ws` does by itself. */
export async function startStockServer(selects: boolean): Promise<StockServer> {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    ...(selects ? {} : { handleProtocols: () => false }),
  })
  const rooms = new Map<string, Room>()

  function roomOf(name: string): Room {
    const known = rooms.get(name)
    if (known) return known
    const doc = new Y.Doc()
    const room: Room = { doc, awareness: new Awareness(doc), sockets: new Set() }
    room.awareness.setLocalState(null)
    doc.on('update', (update: Uint8Array) => {
      send(room, (encoder) => {
        encoding.writeVarUint(encoder, 0)
        syncProtocol.writeUpdate(encoder, update)
      })
    })
    room.awareness.on('update', (change: Record<'added' | 'updated' | 'removed', number[]>) => {
      const clients = change.added.concat(change.updated, change.removed)
      send(room, (encoder) => {
        encoding.writeVarUint(encoder, 1)
        encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(room.awareness, clients))
      })
    })
    rooms.set(name, room)
    return room
  }

  server.on('connection', (socket, request) => {
    const room = roomOf(decodeURIComponent((request.url ?? '/').slice(1)))
    room.sockets.add(socket)
    socket.on('close', () => room.sockets.delete(socket))
    socket.on('message', (data: Buffer) => {
      const decoder = decoding.createDecoder(new Uint8Array(data))
      const type = decoding.readVarUint(decoder)
      if (type === 1) {
        applyAwarenessUpdate(room.awareness, decoding.readVarUint8Array(decoder), socket)
        return
      }
      // As @y/websocket-server: a type that it does not know is nothing to it.
      if (type !== 0) return
      const encoder = encoding.createEncoder()
      encoding.writeVarUint(encoder, 0)
      syncProtocol.readSyncMessage(decoder, encoder, room.doc, socket)
      if (encoding.length(encoder) > 1) socket.send(encoding.toUint8Array(encoder))
    })
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, 0)
    syncProtocol.writeSyncStep1(encoder, room.doc)
    socket.send(encoding.toUint8Array(encoder))
  })

  await new Promise<void>((resolve) => server.once('listening', resolve))
  onTestFinished(async () => {
    for (const socket of server.clients) socket.terminate()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    for (const room of rooms.values()) {
      room.awareness.destroy()
      room.doc.destroy()
    }
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    docOf: (document) => roomOf(document).doc,
  }
}

function send(room: Room, write: (encoder: encoding.Encoder) => void): void {
  const encoder = encoding.createEncoder()
  write(encoder)
  for (const socket of room.sockets) socket.send(encoding.toUint8Array(encoder))
}
