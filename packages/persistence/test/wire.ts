/** A wire between store and server that can lose what the server says, break, and lead elsewhere. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

export class Wire {
  /** Where connections lead to from now on. */
  toPort: number
  /** New connections are refused. */
  isStopped = false
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** The answer to the next statement that contains this is lost, and the connection breaks. */
  loseAnswerTo: string | undefined = undefined
  lostCount = 0

  constructor(toPort: number) {
    this.toPort = toPort
    this.#server = createServer((client) => {
      if (this.isStopped) {
        client.destroy()
        return
      }
      const server = connect(this.toPort, '127.0.0.1')
      let isLosing = false
      client.on('data', (chunk) => {
        if (this.loseAnswerTo !== undefined && chunk.includes(this.loseAnswerTo)) {
          this.loseAnswerTo = undefined
          isLosing = true
        }
        server.write(chunk)
      })
      server.on('data', (chunk) => {
        if (!isLosing) {
          client.write(chunk)
          return
        }
        // The server has answered, so it has committed.
        this.lostCount += 1
        client.destroy()
        server.destroy()
      })
      for (const socket of [client, server]) {
        this.#sockets.add(socket)
        socket.on('error', () => socket.destroy())
        socket.on('close', () => {
          this.#sockets.delete(socket)
          client.destroy()
          server.destroy()
        })
      }
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
