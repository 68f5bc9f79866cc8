/** At the door of a server: a client that says one thing and tells how it was received. */
import { encodeStep1 } from '@quire/protocol'
import { WebSocket } from 'ws'
import type { Host } from './harness.ts'

export const emptyStep1: Uint8Array = encodeStep1(Uint8Array.of(0))

/** The status of the upgrade; 101 when something was answered to the first message, or else the close code. */
export async function knock(
  host: Host,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const socket = new WebSocket(`${host.url}${path}`, { headers })
  try {
    return await new Promise((resolve, reject) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.once('error', reject)
      socket.once('open', () => socket.send(emptyStep1))
      socket.once('message', () => resolve(101))
      socket.once('close', resolve)
    })
  } finally {
    socket.on('error', () => undefined)
    socket.terminate()
  }
}
