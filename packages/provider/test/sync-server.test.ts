import 'fake-indexeddb/auto'
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { isSaved, join, joinStock, textOf, type } from './quire-clients.ts'
import { nameOf, startQuireServer } from './quire-server.ts'

test('[LE7] two providers converge and both are saved, and so is an empty document', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  const ben = join(server)
  await until('nothing to save is saved', () => isSaved(ada) && isSaved(ben))
  expect(ada.session?.role).toBe('edit')
  for (let i = 0; i < 20; i++) {
    type(ada, 'a')
    type(ben, 'b')
  }
  expect(ada.status).toEqual({ kind: 'saving', unsaved: 20 })
  await until('both are saved', () => isSaved(ada) && isSaved(ben))
  await until('both are equal', () => {
    const text = textOf(ada).toJSON()
    return text.length === 40 && text === textOf(ben).toJSON()
  })
  expect((await server.stored('d')).getText('t').toJSON()).toBe(textOf(ada).toJSON())
})

test('[LE1] saved comes after the commit, and what others see before it does not count', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  const ben = join(server)
  await until('both are saved', () => isSaved(ada) && isSaved(ben))
  server.hold()
  type(ada, 'hello')
  await until('Ben has it', () => textOf(ben).toJSON() === 'hello')
  expect((await server.stored('d')).getText('t').toJSON()).toBe('')
  expect(ada.status).toEqual({ kind: 'saving', unsaved: 1 })
  expect(ada.hasUnsaved).toBe(true)
  server.release()
  await until('Ada is saved', () => isSaved(ada))
  expect((await server.stored('d')).getText('t').toJSON()).toBe('hello')
})

test('[LE5] an edit whose connection died before the ack is not saved by a new connection to a server that has it only in memory', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  await until('saved', () => isSaved(ada))
  server.hold()
  type(ada, 'hello')
  await until('the server has it', () => server.sync.stats().unsavedUpdates > 0)
  server.cutConnections()
  await until('Ada notices', () => ada.status.kind === 'offline')
  const said: string[] = []
  ada.on('status', (status) => said.push(status.kind))
  await until('Ada is back', () => ada.synced)
  // The exchange of the new connection is over when somebody else has gone through it too.
  const ben = join(server)
  await until('Ben has it', () => textOf(ben).toJSON() === 'hello')
  expect(said).not.toContain('saved')
  expect(ada.status).toEqual({ kind: 'saving', unsaved: 1 })
  expect(ben.status.kind).toBe('saving')
  server.release()
  await until('both are saved', () => isSaved(ada) && isSaved(ben))
  expect((await server.stored('d')).getText('t').toJSON()).toBe('hello')
})

test('[LE5] an edit that died with the server is sent again, and saved then', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  await until('saved', () => isSaved(ada))
  server.hold()
  type(ada, 'hello')
  await until('the server has it', () => server.sync.stats().unsavedUpdates > 0)
  await server.kill()
  await until('Ada notices', () => ada.status.kind === 'offline')
  expect(ada.status).toEqual({ kind: 'offline', unsaved: 1, keptOnDevice: false })
  expect((await server.stored('d')).getText('t').toJSON()).toBe('')
  type(ada, ' again')
  await server.start()
  await until('Ada is saved', () => isSaved(ada))
  expect((await server.stored('d')).getText('t').toJSON()).toBe('hello again')
})

test('[ST3] a server that restarts in order is offline, then saved', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  await until('saved', () => isSaved(ada))
  type(ada, 'before ')
  await until('saved again', () => isSaved(ada))
  const said: string[] = []
  ada.on('status', (status) => said.push(status.kind))
  await server.shutDown()
  await until('Ada notices', () => ada.status.kind === 'offline')
  expect(ada.trace().find((entry) => entry.what === 'closed')?.fields).toEqual({
    code: 1012,
    reason: 'restarting',
  })
  type(ada, 'while away')
  await server.start()
  await until('saved after all', () => isSaved(ada))
  expect(said.filter((kind, index) => kind !== said[index - 1])).toEqual([
    'offline',
    'saving',
    'saved',
  ])
  expect((await server.stored('d')).getText('t').toJSON()).toBe('before while away')
})

test('[ST3] a name that is none is refused with its reason, and so is a deleted document', async () => {
  const server = await startQuireServer()
  const ada = join(server, { document: 'no such name!' })
  await until('Ada is refused', () => ada.status.kind === 'refused')
  expect(ada.status).toEqual({
    kind: 'refused',
    code: 4404,
    reason: 'bad document name',
    unsaved: 0,
  })
  const ben = join(server)
  await until('saved', () => isSaved(ben))
  server.sync.closeDocument(nameOf('d'), 'deleted')
  await until('Ben is refused', () => ben.status.kind === 'refused')
  expect(ben.status).toMatchObject({ code: 4410 })
})

test('[CO7] what the server announces reaches every provider of the document', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  await until('saved', () => isSaved(ada))
  const seen: unknown[] = []
  ada.on('event', (event) => seen.push(event))
  server.sync.announce(nameOf('d'), { kind: 'title', title: 'Plan' })
  await until('it arrives', () => seen.length > 0)
  expect(seen).toEqual([{ kind: 'title', title: 'Plan' }])
})

test('a stock y-websocket provider edits beside ours, and its edits are not ours to save', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  const stock = joinStock(server)
  await until('both are synced', () => isSaved(ada) && stock.provider.synced)
  const said: string[] = []
  ada.on('status', (status) => said.push(status.kind))
  stock.doc.getText('t').insert(0, 'stock ')
  await until('Ada has it', () => textOf(ada).toJSON() === 'stock ')
  expect(said).toEqual([])
  type(ada, 'ours')
  await until('the stock client has it', () => stock.doc.getText('t').toJSON() === 'stock ours')
  ada.awareness.setLocalState({ user: { name: 'Ada' } })
  stock.provider.awareness.setLocalState({ user: { name: 'Stock' } })
  await until(
    'they see each other',
    () =>
      ada.awareness.getStates().has(stock.doc.clientID) &&
      stock.provider.awareness.getStates().has(ada.doc.clientID),
  )
})

test('[CP2] what was typed without a server goes up after a reload, and is saved then', async () => {
  const server = await startQuireServer()
  await server.kill()
  const before = join(server, { offlineCopy: true })
  type(before, 'typed offline')
  await until('it is kept', () => before.status.kind === 'offline' && before.status.keptOnDevice)
  await before.close()
  await server.start()
  const after = join(server, { offlineCopy: true })
  const said: string[] = []
  after.on('status', (status) => {
    if (status.kind === 'saved')
      server.stored('d').then((doc) => said.push(doc.getText('t').toJSON()), said.push)
  })
  await until('saved', () => isSaved(after) && said.length > 0)
  expect(said).toEqual(['typed offline'])
})
