/** A restart in order: nothing typed is lost, clients come back by themselves, offline edits come up. */
import { until } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import { areEqual, type Client, freshJoiner, openClient, reconnectMsMax } from './client.ts'
import { makeDataFolder, readStored, removeDataFolder } from './data-folder.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const data = makeDataFolder()
const clients: Client[] = []
let server: ServerProcess | undefined

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await server?.stop('SIGTERM')
  server = undefined
  removeDataFolder(data)
}, 60_000)

const open = (syncUrl: string): Client => {
  const client = openClient({ syncUrl, document: 'notes' })
  clients.push(client)
  return client
}

/** Types a character of `letter` every few milliseconds until it is told to stop. Returns how many. */
function typing(client: Client, letter: string): () => number {
  let count = 0
  const text = client.doc.getText('t')
  const timer = setInterval(() => {
    text.insert(text.length, letter)
    count += 1
  }, 4)
  return () => {
    clearInterval(timer)
    return count
  }
}

test('SIGTERM in the middle of typing ends with code 0 and loses nothing; clients come back by themselves', async () => {
  server = await startServerProcess({ data })
  const { port } = server
  const ann = open(server.syncUrl)
  const ben = open(server.syncUrl)
  await until('both are synced', () => ann.provider.synced && ben.provider.synced)
  const stopAnn = typing(ann, 'a')
  const stopBen = typing(ben, 'b')
  await until('both have typed a while', () => ann.doc.getText('t').length > 200)

  expect(await server.stop('SIGTERM')).toBe(0)
  await until('both know that they are offline', () =>
    [ann, ben].every(({ provider }) => provider.status.kind === 'offline'),
  )
  // What was acknowledged is on disk: typed minus unsaved, of each.
  const acked = [ann, ben].map(({ provider, doc }) => {
    const letter = doc === ann.doc ? 'a' : 'b'
    const typed = doc.getText('t').toJSON().split(letter).length - 1
    return { letter, count: typed - ('unsaved' in provider.status ? provider.status.unsaved : 0) }
  })
  const stored = (await readStored(data, 'notes')).getText('t').toJSON()
  for (const { letter, count } of acked) {
    expect(stored.split(letter).length - 1).toBeGreaterThanOrEqual(count)
  }

  const typedOffline = ann.doc.getText('t').length
  await until('both go on typing offline', () => ann.doc.getText('t').length > typedOffline + 20)
  server = await startServerProcess({ data, port })
  await until('both are back', () => ann.provider.synced && ben.provider.synced, reconnectMsMax)
  const typed = { a: stopAnn(), b: stopBen() }
  await Promise.all([ann.saved(), ben.saved()])
  await until('both are equal', () => areEqual([ann.doc, ben.doc]))

  const text = ann.doc.getText('t').toJSON()
  expect(text.split('a').length - 1).toBe(typed.a)
  expect(text.split('b').length - 1).toBe(typed.b)
  expect((await freshJoiner(server.syncUrl, 'notes')).getText('t').toJSON()).toBe(text)

  await server.stop('SIGTERM')
  server = undefined
  expect(areEqual([await readStored(data, 'notes'), ann.doc])).toBe(true)
})
