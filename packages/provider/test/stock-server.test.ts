import { until } from '@quire/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { createProvider, type Provider, type ProviderOptions } from '../src/index.ts'
import { startStockServer } from './stock-server.ts'

function join(options: Pick<ProviderOptions, 'url' | 'document' | 'dialect'>): Provider {
  const doc = new Y.Doc()
  const provider = createProvider({ ...options, doc, webSocket: WebSocket })
  onTestFinished(async () => {
    await provider.close()
    doc.destroy()
  })
  return provider
}

const textOf = (provider: Provider) => provider.doc.getText('t')

test('[ST2] two of ours edit through a stock server, and never say saved', async () => {
  const server = await startStockServer(false)
  const options = { url: server.url, document: 'd', dialect: 'stock' } as const
  const ada = join(options)
  const ben = join(options)
  const announced: string[] = []
  ada.on('status', (status) => announced.push(status.kind))
  await until('both are synced', () => ada.synced && ben.synced)
  textOf(ada).insert(0, 'Ada. ')
  textOf(ben).insert(0, 'Ben. ')
  await until(
    'they are equal',
    () => textOf(ada).length === 10 && textOf(ada).toJSON() === textOf(ben).toJSON(),
  )
  expect(server.docOf('d').getText('t').toJSON()).toBe(textOf(ada).toJSON())
  expect(ada.status).toEqual({ kind: 'unconfirmed', unsaved: 1 })
  expect(announced).not.toContain('saved')

  ada.awareness.setLocalState({ user: { name: 'Ada' } })
  await until('Ben sees Ada', () => ben.awareness.getStates().has(ada.doc.clientID))
  await ada.close()
  await until('Ben sees her leave', () => !ben.awareness.getStates().has(ada.doc.clientID))
})

test('[PR2] somebody who leaves and comes back is seen at once by those who stayed', async () => {
  const server = await startStockServer(false)
  const options = { url: server.url, document: 'd', dialect: 'stock' } as const
  const ada = join(options)
  const ben = join(options)
  ada.awareness.setLocalState({ user: { name: 'Ada' } })
  const seesAda = () => ben.awareness.getStates().has(ada.doc.clientID)
  await until('Ben sees her', seesAda)
  for (let round = 0; round < 3; round++) {
    ada.disconnect()
    await until('Ben sees her leave', () => !seesAda())
    ada.connect()
    // Far below the 15 s after which clients repeat themselves.
    await until('Ben sees her again', seesAda, 3_000)
  }
})

test('[ST2] a stock server that selects quire.v1 without knowing it is still unconfirmed', async () => {
  const server = await startStockServer(true)
  const ada = join({ url: server.url, document: 'a doc' })
  textOf(ada).insert(0, 'hello')
  await until('synced', () => ada.synced)
  await until('the edit is there', () => server.docOf('a doc').getText('t').length === 5)
  expect(ada.status).toEqual({ kind: 'unconfirmed', unsaved: 1 })
})

test('[ST3] a stock server that selects nothing refuses the offer, and the provider stays offline', async () => {
  const server = await startStockServer(false)
  const ada = join({ url: server.url, document: 'd' })
  await until('the attempt fails', () => ada.status.kind === 'offline')
  expect(ada.synced).toBe(false)
})
