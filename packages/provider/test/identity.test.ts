import 'fake-indexeddb/auto'
import { until } from '@quire/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { createProvider, type Provider, type ProviderOptions } from '../src/index.ts'
import { isSaved, join, textOf, type } from './quire-clients.ts'
import { type QuireServer, startQuireServer } from './quire-server.ts'

/** A client whose document has the given client id, and what it was edited to without a server. */
function joinAs(
  server: QuireServer,
  clientId: number,
  text = '',
  options: Partial<ProviderOptions> = {},
): Provider {
  const doc = new Y.Doc()
  doc.clientID = clientId
  if (text !== '') doc.getText('t').insert(0, text)
  const provider = createProvider({
    url: server.url,
    document: 'd',
    doc,
    webSocket: WebSocket,
    ...options,
  })
  onTestFinished(() => provider.close())
  return provider
}

const storedText = async (server: QuireServer): Promise<string> =>
  (await server.stored('d')).getText('t').toJSON()
const refusal = ({ status }: Provider): number | undefined =>
  status.kind === 'refused' ? status.code : undefined

test('[CI1] of two clients with one id the later takes another before it writes, and nobody notices', async () => {
  const server = await startQuireServer()
  const ada = joinAs(server, 7)
  await until('Ada is in', () => isSaved(ada))
  const ben = joinAs(server, 7)
  ben.awareness.setLocalState({ user: { name: 'Ben' } })
  await until('Ben is in, under another id', () => isSaved(ben) && ben.doc.clientID !== 7)
  expect(ada.doc.clientID).toBe(7)
  type(ada, 'ada')
  type(ben, 'ben')
  await until('both have both', () =>
    [ada, ben].every((one) => isSaved(one) && textOf(one).length === 6),
  )
  expect(textOf(ada).toJSON()).toBe(textOf(ben).toJSON())
  expect(await storedText(server)).toBe(textOf(ada).toJSON())
  await until('Ada sees Ben', () => ada.awareness.getStates().has(ben.doc.clientID))
})

test('[CI1] a client whose id is in the document already, of somebody who left, takes another', async () => {
  const server = await startQuireServer()
  const ada = joinAs(server, 7, 'ada')
  await until('Ada is saved', () => isSaved(ada))
  await ada.close()
  const ben = joinAs(server, 7)
  await until('Ben is in', () => isSaved(ben))
  expect(ben.doc.clientID).not.toBe(7)
  type(ben, ' ben')
  await until('Ben is saved', () => isSaved(ben))
  expect(await storedText(server)).toBe('ada ben')
})

test('[CI2] of two that wrote offline under one id the later is refused and keeps its text, also after a reload', async () => {
  for (const theirs of ['jazz', 'jello', 'something longer']) {
    const server = await startQuireServer()
    await server.kill()
    const offlineCopy = { offlineCopy: true }
    const ben = joinAs(server, 7, theirs, offlineCopy)
    await until('it is kept', () => ben.status.kind === 'offline' && ben.status.keptOnDevice)
    ben.disconnect()
    await server.start()
    const ada = joinAs(server, 7, 'hello')
    await until('Ada is saved', () => isSaved(ada))
    ben.connect()
    await until('Ben is refused', () => refusal(ben) !== undefined)
    expect(ben.status).toEqual({
      kind: 'refused',
      code: 4412,
      reason: 'client id in use, reload',
      unsaved: 1,
    })
    expect(textOf(ben).toJSON()).toBe(theirs)
    const said: string[] = []
    await ben.close()
    const again = join(server, offlineCopy)
    again.on('status', ({ kind }) => said.push(kind))
    await until('Ben is refused again', () => refusal(again) === 4412)
    expect(said).not.toContain('saved')
    expect(textOf(again).toJSON()).toBe(theirs)
    type(ada, ' there')
    await until('Ada is saved', () => isSaved(ada))
    expect(await storedText(server)).toBe('hello there')
    const reader = join(server)
    await until('a reader has it', () => textOf(reader).toJSON() === 'hello there')
    await again.forget()
  }
})

test('[CI2] a page that comes back before its old connection was given up goes on under its id', async () => {
  const server = await startQuireServer()
  const ada = joinAs(server, 7, 'a')
  await until('Ada is saved', () => isSaved(ada))
  for (let i = 0; i < 5; i++) {
    server.cutConnections()
    type(ada, 'b')
    await until('Ada is saved again', () => isSaved(ada))
  }
  expect(ada.doc.clientID).toBe(7)
  expect(await storedText(server)).toBe('abbbbb')
})

test('[LI1] a client that holds the document from before is refused where it was begun anew, and keeps its copy', async () => {
  const server = await startQuireServer()
  const before = join(server, { offlineCopy: true })
  type(before, 'old text')
  await until('it is saved and kept', () => isSaved(before) && before.copy.kind === 'ready')
  await server.kill()
  server.loseDisk()
  await server.start()
  const fresh = join(server)
  type(fresh, 'new text')
  await until('the new one is saved', () => isSaved(fresh))
  await until('the old one is refused', () => refusal(before) !== undefined)
  expect(before.status).toMatchObject({ code: 4409, reason: 'another document of this name' })
  expect(textOf(before).toJSON()).toBe('old text')
  await before.close()

  // After a reload, from the copy.
  const reloaded = join(server, { offlineCopy: true })
  await until('it is refused again', () => refusal(reloaded) === 4409)
  expect(textOf(reloaded).toJSON()).toBe('old text')
  expect(await storedText(server)).toBe('new text')
  expect(textOf(fresh).toJSON()).toBe('new text')

  // Starting anew is for a person to decide: the copy goes, and a new document begins.
  await reloaded.forget()
  await reloaded.close()
  const anew = join(server, { offlineCopy: true })
  await until('it has the new text', () => isSaved(anew) && textOf(anew).toJSON() === 'new text')
  await anew.forget()
})

test('[LI2] what a server lost comes back from those who have it, and is one document for all of them', async () => {
  const server = await startQuireServer()
  const [ada, ben] = [join(server), join(server)]
  type(ada, 'kept')
  await until('both have it', () => isSaved(ada) && textOf(ben).toJSON() === 'kept' && isSaved(ben))
  await until('both know the lineage', () => Boolean(ada.session?.lineage && ben.session?.lineage))
  const lineage = ada.session?.lineage
  await server.kill()
  server.loseDisk()
  type(ben, ' offline')
  await server.start()
  await until('both are saved', () => isSaved(ada) && isSaved(ben) && textOf(ada).length === 12)
  expect(await storedText(server)).toBe('kept offline')
  await until('the lineage is the same', () => ada.session?.lineage === lineage)
})

test('[LI3] a copy that comes late, of another document than the server has, is left alone', async () => {
  const server = await startQuireServer()
  const before = join(server, { offlineCopy: true })
  type(before, 'old text')
  await until('it is saved and kept', () => isSaved(before) && before.copy.kind === 'ready')
  await before.close()
  server.loseDisk()
  await server.kill()
  server.loseDisk()
  await server.start()
  const fresh = join(server)
  type(fresh, 'new text')
  await until('the new one is saved', () => isSaved(fresh))

  // The database answers only when the server has said what it has.
  const open = indexedDB.open.bind(indexedDB)
  let letOpen = (): void => undefined
  indexedDB.open = (name, version) => {
    const request = open(name, version)
    const held = new Promise<void>((resolve) => (letOpen = resolve))
    const late = Object.create(request) as IDBOpenDBRequest
    Object.defineProperty(late, 'result', { get: () => request.result })
    Object.defineProperty(late, 'onsuccess', {
      set: (handler: (event: Event) => void) => {
        request.onsuccess = (event) => void held.then(() => handler.call(request, event))
      },
    })
    indexedDB.open = open
    return late
  }
  onTestFinished(() => {
    indexedDB.open = open
  })
  const late = join(server, { offlineCopy: true })
  await until('it is in without its copy', () => textOf(late).toJSON() === 'new text')
  letOpen()
  await until(
    'the copy is left alone',
    () => late.copy.kind === 'failed' && late.copy.reason.includes('another document'),
  )
  expect(textOf(late).toJSON()).toBe('new text')
  expect(await storedText(server)).toBe('new text')
  await late.close()
})

test('[LI4] a stock y-websocket client says the lineage that it holds in its params', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  type(ada, 'x')
  await until('the lineage is known', () => Boolean(ada.session?.lineage))
  const closed: number[] = []
  const stock = (lineage: string): WebsocketProvider => {
    const doc = new Y.Doc()
    const provider = new WebsocketProvider(server.url, 'd', doc, {
      WebSocketPolyfill: WebSocket as never,
      disableBc: true,
      params: { lineage },
    })
    provider.on('closed', ({ code }) => closed.push(code))
    onTestFinished(() => {
      provider.awareness.destroy()
      provider.destroy()
      doc.destroy()
    })
    return provider
  }
  const same = stock(ada.session?.lineage ?? '')
  await until('the same one is in', () => same.doc.getText('t').toJSON() === 'x')
  const other = stock('some-other-lineage')
  other.doc.getText('t').insert(0, 'other')
  await until('the other one is told to stop', () => closed.length > 0)
  expect(closed).toEqual([4409])
  expect(await storedText(server)).toBe('x')
})
