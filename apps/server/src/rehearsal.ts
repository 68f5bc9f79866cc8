/**
 * A rehearsal at the start: two clients join an empty document of a sync server of its own, in memory,
 * over loopback, and all of it is thrown away. The code of a join is compiled by it, which the first
 * person would otherwise wait for: their join takes half the CPU time.
 *
 * 1. Leaves nothing behind: no document, no count, no line in the log, no timer, no port.
 * 2. A machine on which it fails starts all the same, and the first join is a little slower.
 */
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createMemoryStore } from '@quire/persistence'
import { encodeStep1, quireSubprotocol } from '@quire/protocol'
import { createSyncServer } from '@quire/sync-server'

/** The second takes the paths that only exist once a document is open. */
const joinCount = 2
/** What a whole answer to a join has at least; the introduction alone is shorter. */
const answerBytesMin = 250
/** On a machine that is slower than this there are other worries. */
const joinMsMax = 500

/** Resolves when it is over, after some 30 ms. Never rejects. */
export async function rehearse(seed: Uint8Array): Promise<void> {
  const store = createMemoryStore()
  const sync = createSyncServer({ store, seed, idleMs: 0, programs: 'any' })
  const http = createServer()
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    sync.handleUpgrade(request, socket, head)
  })
  try {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject)
      http.listen(0, '127.0.0.1', resolve)
    })
    const { port } = http.address() as AddressInfo
    for (let i = 0; i < joinCount; i++) await join(port)
  } catch {
    // Loopback may be forbidden; people come by another way.
  } finally {
    await sync.shutdown({ deadlineMs: joinMsMax })
    await store.close()
    http.closeAllConnections()
    http.close()
  }
}

/** Resolves when the answer is there, the socket is gone, or it took too long. */
function join(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const timer = setTimeout(() => socket.destroy(), joinMsMax)
    let byteCount = 0
    socket.on('data', (chunk) => {
      if (byteCount === 0) socket.write(masked(encodeStep1(Uint8Array.of(0))))
      byteCount += chunk.length
      if (byteCount > answerBytesMin) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.write(
      `GET /sync/rehearsal HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n' +
        `Sec-WebSocket-Protocol: ${quireSubprotocol}\r\n\r\n`,
    )
  })
}

/** A client's frame, with a mask of zeros; `message` is shorter than 126 bytes. */
function masked(message: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(0x82, 0x80 | message.length, 0, 0, 0, 0), message])
}
