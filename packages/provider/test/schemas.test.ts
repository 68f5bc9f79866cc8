import 'fake-indexeddb/auto'
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { isSaved, join, joinStock, textOf, type } from './quire-clients.ts'
import { startQuireServer } from './quire-server.ts'
import { startStockServer } from './stock-server.ts'

const [mine, theirs] = ['0000000000000001', '0000000000000002']

test('[SM1] people with different schemas learn of each other, and when that is over', async () => {
  const server = await startQuireServer()
  const ada = join(server, { schema: mine })
  const ben = join(server, { schema: mine })
  const before = join(server)
  const stock = joinStock(server)
  await until('all are saved', () => [ada, ben, before].every(isSaved))
  const said: (readonly string[])[] = []
  ada.on('otherSchemas', (others) => said.push(others))
  const cleo = join(server, { schema: theirs })
  await until('Ada knows', () => ada.otherSchemas.length > 0)
  await until('Cleo knows', () => cleo.otherSchemas.length > 0)
  await until('Ben knows', () => ben.otherSchemas.length > 0)
  expect([ada, ben, cleo, before].map(({ otherSchemas }) => otherSchemas)).toEqual([
    [theirs],
    [theirs],
    [mine],
    [],
  ])
  // Nobody is kept from writing by that.
  type(cleo, 'c')
  type(before, 'b')
  await until('all have it', () => stock.doc.getText('t').length === 2 && textOf(ada).length === 2)
  await cleo.close()
  await until('it is over', () => ada.otherSchemas.length === 0)
  expect(said).toEqual([[theirs], []])
})

test('[SM1] without a connection nobody else edits, and with the next one it is told again', async () => {
  const server = await startQuireServer()
  const ada = join(server, { schema: mine })
  const ben = join(server, { schema: theirs })
  await until('Ada knows', () => ada.otherSchemas.length > 0)
  ada.disconnect()
  expect(ada.otherSchemas).toEqual([])
  ada.connect()
  await until('Ada knows again', () => ada.otherSchemas.length > 0)
  expect(ben.otherSchemas).toEqual([mine])
})

test('[SM1] readers are told and do not count', async () => {
  const server = await startQuireServer({
    authorize: async ({ token }) => ({
      role: token === 'reader' ? 'view' : 'edit',
      user: { id: token ?? 'x', name: '' },
    }),
  })
  const ada = join(server, { schema: mine, token: 'writer' })
  const reader = join(server, { schema: theirs, token: 'reader' })
  await until('the reader knows', () => reader.otherSchemas.length > 0)
  expect(ada.otherSchemas).toEqual([])
})

test('[SM2] a server that knows nothing of schemas works as before, and a stock one is not told', async () => {
  const stock = await startStockServer(true)
  const asked: string[] = []
  class Noted extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols)
      asked.push(url)
    }
  }
  for (const dialect of ['quire', 'stock'] as const) {
    const ada = join(stock, { schema: mine, dialect, webSocket: Noted })
    await until('Ada is synced', () => ada.synced)
    expect(ada.otherSchemas).toEqual([])
  }
  expect(asked).toEqual([
    expect.stringContaining(`schema=${mine}`),
    expect.not.stringContaining('schema'),
  ])
  expect(() => join(stock, { schema: 'no hash' })).toThrow(TypeError)
})
