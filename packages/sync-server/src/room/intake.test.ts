/** What happens to an update on its way into a document, where it takes more than one session or some time. */
import { encodeUpdate } from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createWorld, FakeClient } from '../../test/world.ts'

/** Two updates of one author, of which the second cannot be applied before the first. */
function firstAndSecond(): readonly [Uint8Array, Uint8Array] {
  const source = new Y.Doc()
  const updates: Uint8Array[] = []
  source.on('update', (update: Uint8Array) => updates.push(update))
  source.getText('content').insert(0, 'first ')
  source.getText('content').insert(6, 'second')
  return updates as unknown as readonly [Uint8Array, Uint8Array]
}

test('[RM2] an update is handed to the log before anybody else gets it', async () => {
  const world = createWorld()
  const ada = new FakeClient(world, 'doc')
  const ben = new FakeClient(world, 'doc')
  await world.pass(1)
  for (const client of [ada, ben]) client.reply()
  const order: string[] = []
  const { writer } = world.hub
  const append = writer.append.bind(writer)
  writer.append = (...row) => {
    order.push('log')
    append(...row)
  }
  ben.doc.on('update', () => order.push('ben'))
  ada.text.insert(0, 'a')
  expect(order).toEqual(['log', 'ben'])
})

test('[SY10] what is missing is asked for ever more seldom, and after a minute no more', async () => {
  const world = createWorld()
  const ada = new FakeClient(world, 'doc', { isQuire: false })
  await world.pass(1)
  const [, second] = firstAndSecond()
  const questions = () => ada.transport.sent.filter(([type, sync]) => type === 0 && sync === 0)
  const before = questions().length
  ada.send(encodeUpdate(second))
  const counts: number[] = []
  for (const afterMs of [980, 2_000, 4_000, 8_000, 16_000, 32_000, 600_000]) {
    await world.pass(afterMs)
    counts.push(questions().length - before)
  }
  expect(counts).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(world.hub.rooms.map(({ heldCount }) => heldCount)).toEqual([1])
})

test('[SY10] what somebody had waiting goes with them, and is not taken when its predecessor comes', async () => {
  const world = createWorld()
  const [ada, ben] = [new FakeClient(world, 'doc'), new FakeClient(world, 'doc')]
  await world.pass(1)
  for (const client of [ada, ben]) client.reply()
  const [first, second] = firstAndSecond()
  ada.send(encodeUpdate(second))
  const [room] = world.hub.rooms
  expect(room?.heldCount).toBe(1)
  const timerCount = world.clock.timerCount
  ada.leave()
  expect(room?.heldCount).toBe(0)
  expect(world.clock.timerCount).toBe(timerCount - 1)
  ben.send(encodeUpdate(first))
  await world.pass(200)
  const late = new FakeClient(world, 'doc')
  expect(late.text.toJSON()).toBe('first ')
})

test('[RT4] an update is charged for its parts, and not only for being one', async () => {
  const world = createWorld()
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  const charged: number[] = []
  ada.session.rate.chargeParts = (partCount) => void charged.push(partCount)
  const source = new Y.Doc()
  const list = source.getArray('list')
  for (let i = 0; i < 200; i++) list.insert(0, [i])
  ada.send(encodeUpdate(Y.encodeStateAsUpdate(source)))
  expect(charged).toHaveLength(1)
  expect(charged[0]).toBeGreaterThanOrEqual(200)
})
