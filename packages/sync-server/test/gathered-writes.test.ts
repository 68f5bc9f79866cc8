/** How often a socket is written to. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freeBytes } from '@quire/persistence'
import { until } from '@quire/testkit'
import { WebSocket, WebSocketServer } from 'ws'
import { SocketWriter, wireFrame } from '../src/session/frame-writer.ts'

let http: Server
let sockets: WebSocketServer
let peer: WebSocket
let writer: SocketWriter
/** Calls of `write`, and system calls. */
let writes: number
let systemWrites: number

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
  const write = socket.write.bind(socket) as (bytes: Uint8Array, taken?: () => void) => boolean
  socket.write = ((bytes: Uint8Array, taken?: () => void) => {
    writes += 1
    return write(bytes, taken)
  }) as Socket['write']
  systemWrites = 0
  const one = socket._write.bind(socket)
  const several = socket._writev?.bind(socket)
  Object.assign(socket, {
    _write: (...given: Parameters<typeof one>) => {
      systemWrites += 1
      one(...given)
    },
    _writev: (...given: Parameters<NonNullable<typeof several>>) => {
      systemWrites += 1
      several?.(...given)
    },
  })
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

test('[DL7] large pieces go as they are, in the same write and in their place', async () => {
  const got = received(5)
  writer.gather(() => {
    writer.write(frame(1))
    writer.write(frame(2, 100_000))
    writer.write(frame(3))
    writer.writeParts([new Uint8Array(50_000).fill(4), new Uint8Array(50_000).fill(4)])
    writer.write(frame(5))
  })
  expect(systemWrites).toBe(1)
  expect(await got).toEqual([1, 2, 3, 4, 5])
})

test('[DL7] a large frame that its owner frees while it is gathered arrives all the same', async () => {
  const got = received(3)
  const large = frame(2, 100_000)
  writer.gather(() => {
    writer.write(frame(1))
    writer.write(large)
    freeBytes(large.framed)
    writer.write(frame(3))
  })
  expect(await got).toEqual([1, 2, 3])
  await until('the frame is freed', () => large.framed.length === 0)
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
