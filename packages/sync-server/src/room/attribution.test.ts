import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { encodeUpdate } from '@quire/protocol'
import { createAccessWorld, enter, grantOf } from '../../test/access-world.ts'
import { named } from '../../test/harness.ts'
import { createWorld, FakeClient } from '../../test/world.ts'

test('[AT1] a row says which session brought it, and the map says who first wrote under a client id', async () => {
  const { world, port } = createAccessWorld()
  for (const id of ['ada', 'ben']) port.answers.set(id, grantOf(id))
  const [ada, ben] = [await enter(world, 'ada'), await enter(world, 'ben')]
  ada.text.insert(0, 'a')
  ben.text.insert(0, 'b')
  ben.text.insert(0, 'b')
  await world.pass(500)
  // Ben brings what Ada wrote in a tab beside her own, and something of his.
  const tab = new Y.Doc()
  Y.applyUpdate(tab, Y.encodeStateAsUpdate(ben.doc))
  tab.getText('content').insert(0, 'tab')
  ben.send(encodeUpdate(Y.encodeStateAsUpdate(tab, Y.encodeStateVector(ben.doc))))
  // Ada goes on under the id that Ben was first to bring.
  const before = Y.encodeStateVector(tab)
  tab.getText('content').insert(0, 'more')
  ada.send(encodeUpdate(Y.encodeStateAsUpdate(tab, before)))
  await world.pass(500)
  const { tail } = await world.steered.inner.open(named('doc'))
  expect(tail.map(({ author }) => author)).toEqual(['ada', 'ben', 'ben', 'ben', 'ada'])
  expect(await world.steered.inner.authors(named('doc'))).toEqual(
    new Map([
      [ada.doc.clientID, 'ada'],
      [ben.doc.clientID, 'ben'],
      [tab.clientID, 'ben'],
    ]),
  )
})

test('[AT1] two users who swap client ids are told apart by their sessions', async () => {
  const { world, port } = createAccessWorld()
  for (const id of ['ada', 'ben']) port.answers.set(id, grantOf(id))
  const [ada, ben] = [await enter(world, 'ada'), await enter(world, 'ben')]
  ada.text.insert(0, 'a')
  await world.pass(500)
  ben.text.insert(0, 'b')
  await world.pass(500)
  const [adaId, benId] = [ada.doc.clientID, ben.doc.clientID]
  ada.doc.clientID = benId
  ben.doc.clientID = adaId
  ada.text.insert(2, '1')
  await world.pass(500)
  ben.text.insert(3, '2')
  await world.pass(500)
  const { tail } = await world.steered.inner.open(named('doc'))
  expect(tail.map(({ author }) => author)).toEqual(['ada', 'ben', 'ada', 'ben'])
  const authors = await world.steered.inner.authors(named('doc'))
  expect([authors.get(adaId), authors.get(benId)]).toEqual(['ada', 'ben'])
})

test('[AT2] nobody, an id that cannot be kept, and a document with too many ids have no authors', async () => {
  const world = createWorld()
  new FakeClient(world, 'doc').text.insert(0, 'a')
  await world.pass(500)
  expect((await world.steered.inner.open(named('doc'))).tail).toMatchObject([{ author: '' }])
  expect(await world.steered.inner.authors(named('doc'))).toEqual(new Map())

  const bounded = createAccessWorld({ authoredClientsMax: 3 })
  bounded.port.answers.set('ada', grantOf('ada'))
  const ada = await enter(bounded.world, 'ada')
  for (let i = 0; i < 10; i++) {
    const other = new Y.Doc()
    other.clientID = 100 + i
    other.getText('content').insert(0, 'x')
    ada.send(encodeUpdate(Y.encodeStateAsUpdate(other)))
  }
  await bounded.world.pass(500)
  const { inner } = bounded.world.steered
  expect((await inner.open(named('doc'))).tail.map(({ author }) => author)).toEqual(
    Array.from({ length: 10 }, () => 'ada'),
  )
  expect((await inner.authors(named('doc'))).size).toBe(3)
})
