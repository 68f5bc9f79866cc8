/**
 * The yardstick: a relay on `ws` that knows no Yjs and stores nothing. What one socket of a room
 * sends, every other socket of the room gets. Prints `listening <port>`.
 */
import { createServer } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'

const rooms = new Map()
const http = createServer((_request, response) => response.end('ok'))
const relay = new WebSocketServer({
  server: http,
  perMessageDeflate: false,
  handleProtocols: (offered) => [...offered][0] ?? false,
})
relay.on('connection', (socket, request) => {
  const name = request.url ?? '/'
  const room = rooms.get(name) ?? new Set()
  rooms.set(name, room)
  room.add(socket)
  socket.on('error', () => socket.terminate())
  socket.on('close', () => room.delete(socket))
  socket.on('message', (frame) => {
    for (const other of room) {
      if (other !== socket && other.readyState === WebSocket.OPEN)
        other.send(frame, { binary: true })
    }
  })
})
process.on('SIGTERM', () => process.exit(0))
http.listen(0, '127.0.0.1', () => console.log(`listening ${http.address().port}`))
