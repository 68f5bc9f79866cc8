/**
 * @y/websocket-server as its own start file wires it, on a free port. With YPERSISTENCE it keeps the
 * documents in that folder with y-leveldb. Prints `listening <port>`.
 */
import { createServer } from 'node:http'
import { setupWSConnection } from '@y/websocket-server/utils'
import { WebSocketServer } from 'ws'

const sockets = new WebSocketServer({ noServer: true })
sockets.on('connection', setupWSConnection)
const http = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' })
  response.end('okay')
})
http.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request))
})
process.on('SIGTERM', () => process.exit(0))
http.listen(0, '127.0.0.1', () => console.log(`listening ${http.address().port}`))
