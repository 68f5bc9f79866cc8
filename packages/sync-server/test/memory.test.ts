/** What people who do nothing cost: a socket, a session, a room, and what is left when they are gone. */
import { encodeStep1, encodeUpdate } from '@quire/protocol'
import { until } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import { RawClient } from './harness.ts'
import { updateOf } from './hocuspocus-world.ts'
import { type HostProcess, startHostProcess } from './host-process.ts'

/** Some 10 KB on Node 20: the socket, what `ws` keeps of it, and the session. The kernel's buffers come on top. */
const socketBytesMax = 16 * 1024
/** Some 15 KB beside the socket in it, and beside what the document has. */
const roomBytesMax = 24 * 1024
const count = 300

let host: HostProcess
afterEach(() => host.stop())

async function join(document: string): Promise<RawClient> {
  const client = await RawClient.open(`${host.url}/sync/${document}`, { isSilent: true })
  client.send(encodeStep1(Uint8Array.of(0)))
  return client
}

/** One in each of these documents, with a letter in it, all of it stored. */
async function joinAll(documents: readonly string[]): Promise<RawClient[]> {
  const clients = await Promise.all(documents.map(join))
  await until('all have joined', () => clients.every(({ frames }) => frames.length > 0))
  for (const client of clients) client.send(encodeUpdate(updateOf('x')))
  await until('all is stored', async () => {
    const { stats } = await host.ask()
    return stats.unsavedUpdates === 0 && stats.sessions >= documents.length
  })
  return clients
}

async function liveBytes(): Promise<number> {
  await host.ask('collect')
  return (await host.ask('collect')).liveBytes
}

async function closeAll(clients: readonly RawClient[]): Promise<void> {
  for (const { ws } of clients) ws.close()
  await until('all rooms are gone', async () => {
    const { stats } = await host.ask()
    return stats.rooms === 0 && stats.connections === 0
  })
}

const numbered = (name: string) => Array.from({ length: count }, (_, i) => `${name}-${i}`)

test('[RM17] a quiet socket and a room with somebody quiet in it keep a few KB each, and nothing when they are gone', async () => {
  host = await startHostProcess({ idleMs: 50 })
  // What is compiled and made once is nobody's in particular.
  await closeAll(await joinAll(numbered('warm')))
  const before = await liveBytes()

  const together = await joinAll(Array.from({ length: count }, () => 'together'))
  const perSocket = ((await liveBytes()) - before) / count
  await closeAll(together)

  const apart = await joinAll(numbered('apart'))
  const perRoom = ((await liveBytes()) - before) / count - perSocket
  await closeAll(apart)
  const left = ((await liveBytes()) - before) / count

  if (process.env['QUIRE_COSTS']) console.log({ perSocket, perRoom, left })
  expect(perSocket).toBeLessThan(socketBytesMax)
  expect(perRoom).toBeLessThan(roomBytesMax)
  // The store is one in memory: a document and its row stay in it.
  expect(left).toBeLessThan(4 * 1024)
})
