/** Quire's sync server with the memory store, as its README says to embed it. Prints `listening <port>`. */
import { createServer } from 'node:http'
import { createCompactor, createMemoryStore } from '@quire/persistence'
import { createSyncServer } from '@quire/sync-server'

const sync = createSyncServer({ store: createMemoryStore(), compactor: createCompactor() })
const http = createServer((_request, response) => response.end('ok'))
http.on('upgrade', (request, socket, head) => sync.handleUpgrade(request, socket, head))
process.on('SIGTERM', () => process.exit(0))
http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`listening ${http.address().port}`)
})
