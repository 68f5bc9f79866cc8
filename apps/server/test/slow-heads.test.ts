/** Requests that do not come to an end: headers that drip, headers without number. Over raw TCP, against the real server. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProvider } from '@quire/provider'
import { until } from '@quire/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { type Server, type ServerOptions, startServer } from '../src/index.ts'

const handshake = [
  'GET /sync/notes HTTP/1.1',
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
]
const dripHead = `${handshake.join('\r\n')}\r\nx-drip: `
const dripCount = 50

let folder: string
let server: Server | undefined
const peers: Peer[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quire-slow-'))
})
afterEach(async () => {
  for (const peer of peers.splice(0)) peer.socket.destroy()
  await server?.close()
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

async function start(options: Partial<ServerOptions> = {}): Promise<Server> {
  const data = join(folder, 'data')
  server = await startServer({ port: 0, host: '127.0.0.1', data, web: folder, ...options })
  return server
}

interface Peer {
  readonly socket: Socket
  /** What the server sent. */
  answer: string
  isClosed: boolean
}

function peerOf({ port }: Server): Peer {
  const peer: Peer = { socket: connect(port, '127.0.0.1'), answer: '', isClosed: false }
  peers.push(peer)
  peer.socket.on('data', (chunk: Buffer) => {
    peer.answer += chunk.toString('latin1')
  })
  // Whoever writes into a connection that was ended is told so by a reset.
  peer.socket.on('error', () => undefined)
  peer.socket.on('close', () => {
    peer.isClosed = true
  })
  return peer
}

/** The beginning of a handshake, and then one byte of a header that has no end at a time. */
function drip(target: Server): Peer {
  const peer = peerOf(target)
  peer.socket.write(dripHead)
  const timer = setInterval(() => peer.socket.write('a'), 20)
  peer.socket.on('close', () => clearInterval(timer))
  return peer
}

async function expectToSync({ port }: Server): Promise<void> {
  const doc = new Y.Doc()
  const url = `ws://127.0.0.1:${port}/sync`
  const provider = createProvider({ url, document: 'other', doc, webSocket: WebSocket })
  try {
    await until('another client is synced', () => provider.synced)
  } finally {
    await provider.close()
  }
}

test('handshakes that drip, and connections that say nothing, are ended when their time is up', async () => {
  const slow = await start({ patience: { headersMs: 300, slowCheckMs: 50 } })
  const drips = Array.from({ length: dripCount }, () => drip(slow))
  const silent = peerOf(slow)
  await until('all are ended', () => [...drips, silent].every(({ isClosed }) => isClosed), 10_000)
  for (const { answer } of drips) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/)
  expect(drips.some(({ answer }) => answer.startsWith('HTTP/1.1 408 '))).toBe(true)
  await expectToSync(slow)
})

test('while many handshakes drip another client connects at once', async () => {
  const slow = await start()
  const drips = Array.from({ length: dripCount }, () => drip(slow))
  const begun = dripHead.length + 5
  await until('all drip', () => drips.every(({ socket }) => socket.bytesWritten > begun))
  await expectToSync(slow)
  expect(drips.filter(({ isClosed }) => isClosed)).toEqual([])
})

test.each([
  ['a request', ['GET /health HTTP/1.1']],
  ['a handshake', handshake],
])('%s with more headers than are read is refused, and not read in part', async (_what, lines) => {
  const target = await start()
  for (const [headerCount, status] of [
    [150, /^HTTP\/1\.1 (200|101|404) /],
    [200, /^HTTP\/1\.1 431 /],
    [500, /^HTTP\/1\.1 431 /],
  ] as const) {
    const more = Array.from({ length: headerCount }, (_, at) => `x-${at}: 1`)
    const host = `host: 127.0.0.1:${target.port}`
    const peer = peerOf(target)
    peer.socket.write([...lines, host, ...more, '', ''].join('\r\n'))
    await until('it is answered', () => peer.answer !== '')
    expect(peer.answer, `${headerCount} headers`).toMatch(status)
  }
})

test('a head longer than any token and its cookies is refused with 431', async () => {
  const target = await start()
  const peer = peerOf(target)
  peer.socket.write(`GET /?token=${'a'.repeat(40_000)} HTTP/1.1\r\n`)
  await until('it is ended', () => peer.isClosed)
  expect(peer.answer).toMatch(/^HTTP\/1\.1 431 /)
})
