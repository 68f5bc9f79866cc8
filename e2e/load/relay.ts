/**
 * The yardstick: a relay on `ws` that knows no Yjs and stores nothing. What one socket of a room
 * sends, every other socket of the room gets. Prints `listening <port>`.
 */
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

const rooms = new Map<string, Set<WebSocket>>()
const relay = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  perMessageDeflate: false,
  handleProtocols: (offered) => [...offered][0] ?? false,
})
relay.on('listening', () => {
  process.stdout.write(`listening ${(relay.address() as AddressInfo).port}\n`)
})
relay.on('connection', (socket, request) => {
  const name = request.url ?? '/'
  const room = rooms.get(name) ?? new Set<WebSocket>()
  rooms.set(name, room)
  room.add(socket)
  socket.on('close', () => room.delete(socket))
  socket.on('message', (frame) => {
    for (const other of room) {
      if (other !== socket && other.readyState === WebSocket.OPEN)
        other.send(frame, { binary: true })
    }
  })
})
