/** Hocuspocus as its guide starts it; with a folder as argument, with its SQLite extension. Prints `listening <port>`. */
import { join } from 'node:path'
import { SQLite } from '@hocuspocus/extension-sqlite'
import { Server } from '@hocuspocus/server'

const folder = process.argv[2]
const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  extensions: folder ? [new SQLite({ database: join(folder, 'db.sqlite') })] : [],
})
await server.listen()
console.log(`listening ${server.address.port}`)
