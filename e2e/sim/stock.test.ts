/** Clients that were not written for Quire just work, beside each other and beside our own. */
import { until } from '@quire/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { areEqual, freshJoiner, openClient, openStockClient } from './client.ts'
import { makeDataFolder, readStored, removeDataFolder } from './data-folder.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const data = makeDataFolder()
let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess({ data })
}, 90_000)
afterAll(async () => {
  await server.stop('SIGTERM')
  removeDataFolder(data)
}, 60_000)

test.each([
  ['/sync/<document>', () => server.syncUrl],
  ['/<document>', () => `ws://127.0.0.1:${server.port}`],
])('two stock y-websocket clients edit one document through %s', async (path, baseUrl) => {
  const document = `stock-${path.length}`
  const ann = openStockClient(baseUrl(), document)
  const ben = openStockClient(baseUrl(), document)
  try {
    ann.doc.getText('t').insert(0, 'from Ann. ')
    ben.doc.getText('t').insert(0, 'from Ben. ')
    await until('both have both', () => {
      const texts = [ann, ben].map(({ doc }) => doc.getText('t').toJSON())
      return texts[0] === texts[1] && texts[0]?.length === 20
    })
    ann.doc.getText('t').delete(0, 5)
    await until('Ben sees the deletion', () => ben.doc.getText('t').length === 15)
    const fresh = await freshJoiner(server.syncUrl, document)
    expect(fresh.getText('t').toJSON()).toBe(ann.doc.getText('t').toJSON())
  } finally {
    ann.close()
    ben.close()
  }
})

test('a stock client and a client of ours edit one document and see each other', async () => {
  const stock = openStockClient(server.syncUrl, 'mixed')
  const ours = openClient({ syncUrl: server.syncUrl, document: 'mixed' })
  try {
    await until('both are synced', () => stock.provider.synced && ours.provider.synced)
    for (let i = 0; i < 50; i++) {
      stock.doc.getText('t').insert(stock.doc.getText('t').length, 's')
      ours.doc.getText('t').insert(ours.doc.getText('t').length, 'o')
    }
    stock.provider.awareness.setLocalStateField('user', { name: 'Stock' })
    ours.provider.awareness.setLocalState({ user: { name: 'Ours' } })
    await until('both have both', () => {
      const text = ours.doc.getText('t').toJSON()
      return text.length === 100 && text === stock.doc.getText('t').toJSON()
    })
    await ours.saved()
    await until('each sees who the other is', () =>
      [stock.provider.awareness, ours.provider.awareness].every((awareness) => {
        const names = [...awareness.getStates().values()].map((state) => state['user']?.name)
        return names.includes('Stock') && names.includes('Ours')
      }),
    )
  } finally {
    stock.close()
    await ours.close()
  }
})

test('what a stock client typed offline arrives, and is on disk', async () => {
  const stock = openStockClient(server.syncUrl, 'offline')
  await until('the client is synced', () => stock.provider.synced)
  stock.provider.disconnect()
  stock.doc.getText('t').insert(0, 'typed in a tunnel')
  stock.provider.connect()
  const reader = openClient({ syncUrl: server.syncUrl, document: 'offline' })
  await until(
    'the reader has it',
    () => areEqual([stock.doc, reader.doc]) && reader.provider.synced,
  )
  expect(reader.doc.getText('t').toJSON()).toBe('typed in a tunnel')
  stock.close()
  await reader.close()

  await server.stop('SIGTERM')
  const stored = await readStored(data, 'offline')
  expect(stored.getText('t').toJSON()).toBe('typed in a tunnel')
  server = await startServerProcess({ data })
})
