/** What a session is sent that has not read for a while. */
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createWorld, FakeClient } from '../../test/world.ts'

test('[DL2] a reader that was away for megabytes is brought to the head in bounded parts, in their order', async () => {
  const world = createWorld()
  const ada = new FakeClient(world, 'doc')
  const slow = new FakeClient(world, 'doc', { isQuire: false })
  await world.pass(1)
  for (const client of [ada, slow]) client.reply()
  slow.transport.isStalled = true
  const { outboxBytesSoft } = world.ports.limits
  const write = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      ada.doc.getMap('content').set('page', `${i} ${'x'.repeat(60_000)}`)
      await world.pass(100)
    }
  }
  await write(50)
  expect(slow.session.outbox.state.kind).toBe('behind')
  const unread: number[] = []
  while (slow.session.outbox.state.kind === 'behind') {
    unread.push(slow.transport.bufferedBytes)
    slow.transport.read()
    slow.session.drained()
    // It goes on being written in while it is caught up.
    if (unread.length < 5) await write(1)
  }
  slow.transport.read()
  expect(unread.length).toBeGreaterThan(5)
  expect(Math.max(...unread)).toBeLessThan(outboxBytesSoft + 70_000)
  expect(slow.doc.store.pendingStructs).toBeNull()
  expect(Y.encodeStateVector(slow.doc)).toEqual(Y.encodeStateVector(ada.doc))
  expect(slow.doc.getMap('content').toJSON()).toEqual(ada.doc.getMap('content').toJSON())
})

test('[DL2] a socket that takes each part at once is given all of them', async () => {
  const world = createWorld()
  const ada = new FakeClient(world, 'doc')
  const slow = new FakeClient(world, 'doc')
  await world.pass(1)
  for (const client of [ada, slow]) client.reply()
  slow.transport.isStalled = true
  for (let i = 0; i < 50; i++) ada.text.insert(0, 'x'.repeat(60_000))
  await world.pass(200)
  expect(slow.session.outbox.state.kind).toBe('behind')
  slow.transport.read()
  slow.transport.isStalled = false
  slow.session.drained()
  expect(slow.session.outbox.state.kind).toBe('flowing')
  expect(slow.text.length).toBe(50 * 60_000)
})
