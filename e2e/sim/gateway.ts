/**
 * A TCP gateway between clients and the server: clients keep one address while the server dies and
 * comes back elsewhere, and a test decides when they may come back. Moves bytes, knows no protocol.
 *
 * 1. Closed: connections are reset at once, as when nothing listens.
 * 2. When the server's side of a connection ends, the client's side ends, and the other way round.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Gateway {
  readonly port: number
  readonly syncUrl: string
  /** Lets clients through to the server on `port`. */
  openTo(port: number): void
  /** Cuts every connection and refuses new ones until it is opened again. */
  shut(): void
  close(): Promise<void>
}

export async function startGateway(): Promise<Gateway> {
  let serverPort: number | undefined
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
  }
  const gateway = createServer((client) => {
    track(client)
    client.on('error', () => client.destroy())
    if (serverPort === undefined) {
      client.resetAndDestroy()
      return
    }
    const server = connect(serverPort, '127.0.0.1')
    track(server)
    server.on('error', () => client.destroy())
    server.once('close', () => client.destroy())
    client.once('close', () => server.destroy())
    client.pipe(server)
    server.pipe(client)
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  const { port } = gateway.address() as AddressInfo
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    syncUrl: `ws://127.0.0.1:${port}/sync`,
    openTo: (next) => {
      serverPort = next
    },
    shut() {
      serverPort = undefined
      cut()
    },
    close() {
      serverPort = undefined
      cut()
      return new Promise((resolve) => gateway.close(() => resolve()))
    },
  }
}
