/** How often a socket is written to. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { SocketWriter, wireFrame } from '../src/session/frame-writer.ts'

let http: Server
let sockets: WebSocketServer
let peer: WebSocket
let writer: SocketWriter
let writes: number

beforeEach(async () => {
  http = createServer()
  sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const accepted = new Promise<[WebSocket, Socket]>((resolve) =>
    sockets.once('connection', (ws, request) => resolve([ws, request.socket])),
  )
  peer = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
  const [ws, socket] = await accepted
  writer = new SocketWriter(ws)
  writes = 0
  const write = socket.write.bind(socket) as (bytes: Uint8Array) => boolean
  socket.write = ((bytes: Uint8Array) => {
    writes += 1
    return write(bytes)
  }) as Socket['write']
})
afterEach(() => {
  peer.terminate()
  sockets.close()
  http.close()
})

const received = async (count: number): Promise<number[]> => {
  const first: number[] = []
  await new Promise<void>((resolve) =>
    peer.on('message', (message) => {
      first.push((message as Buffer)[0] ?? -1)
      if (first.length === count) resolve()
    }),
  )
  return first
}
const frame = (first: number, length = 10) => wireFrame(new Uint8Array(length).fill(first))

test('[DL7] what is written while somebody gathers goes out in one write, in its order', async () => {
  const got = received(4)
  writer.gather(() => {
    writer.write(frame(1))
    writer.gather(() => writer.writeParts([Uint8Array.of(2), Uint8Array.of(2)]))
    expect(writes).toBe(0)
    expect(writer.bufferedBytes).toBe(12 + 4)
    writer.write(frame(3))
  })
  expect(writes).toBe(1)
  writer.write(frame(4))
  expect(writes).toBe(2)
  expect(await got).toEqual([1, 2, 3, 4])
})

test('[DL7] large pieces go as they are, behind what came before them', async () => {
  const got = received(5)
  writer.gather(() => {
    writer.write(frame(1))
    writer.write(frame(2, 100_000))
    writer.write(frame(3))
    writer.writeParts([new Uint8Array(50_000).fill(4), new Uint8Array(50_000).fill(4)])
    writer.write(frame(5))
  })
  expect(await got).toEqual([1, 2, 3, 4, 5])
})

test('[DL7] what was gathered goes out before the goodbye, also when the one who gathers fails', async () => {
  const got = received(1)
  const code = new Promise((resolve) => peer.once('close', resolve))
  expect(() =>
    writer.gather(() => {
      writer.write(frame(1))
      writer.close(4400, '')
      throw new Error('broken')
    }),
  ).toThrow('broken')
  expect(await got).toEqual([1])
  expect(await code).toBe(4400)
})
