import { encodeStep1 } from '@quire/protocol'
import { until } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import type { WebsocketProvider } from 'y-websocket'
import { type Host, RawClient, startHost, stockClient, storedText } from './harness.ts'

let host: Host
const clients: WebsocketProvider[] = []

function client(document: string): WebsocketProvider {
  const made = stockClient(`${host.url}/sync`, document)
  clients.push(made)
  return made
}

const textOf = (provider: WebsocketProvider) => provider.doc.getText('content')

afterEach(async () => {
  for (const provider of clients.splice(0)) provider.destroy()
  await host.close()
})

test('[SY1] two stock clients edit one document and converge, and what they wrote is stored', async () => {
  host = await startHost()
  const [ada, bob] = [client('paper'), client('paper')]
  await until('both are synced', () => ada.synced && bob.synced)
  textOf(ada).insert(0, 'Hello ')
  textOf(bob).insert(0, 'Bob: ')
  for (let i = 0; i < 200; i++) {
    textOf(ada).insert(textOf(ada).length, 'a')
    if (i % 3 === 0) textOf(bob).insert(0, 'b')
    if (i % 7 === 0) textOf(bob).delete(0, 1)
  }
  await until('both have the same', () => textOf(ada).toJSON() === textOf(bob).toJSON())
  expect(textOf(ada).toJSON()).toContain('Hello ')
  await until(
    'it is stored',
    async () => (await storedText(host.store, 'paper')) === textOf(ada).toJSON(),
  )
  expect(ada.wsUnsuccessfulReconnects + bob.wsUnsuccessfulReconnects).toBe(0)
})

test('[SY1] a late joiner has everything when it says that it is synced', async () => {
  host = await startHost()
  const ada = client('late')
  await until('ada is synced', () => ada.synced)
  textOf(ada).insert(0, 'x'.repeat(50_000))
  await until('it is stored', async () => (await storedText(host.store, 'late')).length === 50_000)
  const bob = client('late')
  let lengthWhenSynced = -1
  bob.once('sync', () => {
    lengthWhenSynced = textOf(bob).length
  })
  await until('bob is synced', () => bob.synced)
  expect(lengthWhenSynced).toBe(50_000)
})

test('[SY2] edits made offline arrive, and deletions made while somebody was away reach them', async () => {
  host = await startHost()
  const [ada, bob] = [client('away'), client('away')]
  await until('both are synced', () => ada.synced && bob.synced)
  textOf(ada).insert(0, 'one two three')
  await until('bob has it', () => textOf(bob).toJSON() === 'one two three')
  bob.disconnect()
  textOf(bob).insert(0, 'offline ')
  textOf(ada).delete(3, 4)
  await until('ada is stored', async () => (await storedText(host.store, 'away')) === 'one three')
  bob.connect()
  const expected = 'offline one three'
  await until('both have both', () => [ada, bob].every((one) => textOf(one).toJSON() === expected))
  await until('it is stored', async () => (await storedText(host.store, 'away')) === expected)
})

test('[SY3] a reconnect that brings nothing new adds nothing to the log', async () => {
  host = await startHost()
  const ada = client('again')
  await until('ada is synced', () => ada.synced)
  textOf(ada).insert(0, 'abcdef')
  textOf(ada).delete(1, 2)
  textOf(ada).delete(3, 1)
  await until('it is stored', async () => (await storedText(host.store, 'again')) === 'ade')
  const before = host.sync.stats().counters
  for (let i = 0; i < 3; i++) {
    ada.disconnect()
    ada.connect()
    await until('ada is synced again', () => ada.synced)
  }
  await until('the answers came', () => {
    return host.sync.stats().counters.updatesDuplicate - before.updatesDuplicate >= 3
  })
  expect(host.sync.stats().counters.updatesTaken).toBe(before.updatesTaken)
})

test('[SY4] presence of stock clients appears, moves and ends with them', async () => {
  host = await startHost()
  const [ada, bob] = [client('who'), client('who')]
  await until('both are synced', () => ada.synced && bob.synced)
  ada.awareness.setLocalStateField('user', { name: 'Ada' })
  const adaAsBobSees = () => bob.awareness.getStates().get(ada.doc.clientID)
  await until('bob sees ada', () => adaAsBobSees()?.['user'])
  expect(adaAsBobSees()).toEqual({ user: { name: 'Ada' } })
  const late = client('who')
  await until(
    'the late one sees ada',
    () => late.awareness.getStates().get(ada.doc.clientID)?.['user'],
  )
  ada.disconnect()
  await until('bob sees ada leave', () => adaAsBobSees() === undefined)
  ada.connect()
  await until('bob sees ada again at once', () => adaAsBobSees() !== undefined)
})

test('[SY5] a stock client is sent only what it knows', async () => {
  host = await startHost()
  const ada = client('plain')
  const stock = await RawClient.join(`${host.url}/plain`, [])
  await until('ada is synced', () => ada.synced)
  textOf(ada).insert(0, 'x')
  await until('the raw client has it', () => stock.text.toJSON() === 'x')
  expect(new Set(stock.frames.map((frame) => frame[0]))).toEqual(new Set([0, 1]))
  expect(stock.frames[0]?.slice(0, 2)).toEqual(encodeStep1(new Uint8Array()).slice(0, 2))
  await stock.close()
})
