import {
  encodePresence,
  encodePresenceEntries,
  encodeStep1,
  encodeStep2,
  encodeUpdate,
  type Role,
} from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createAccessWorld, enter, grantOf, textLater } from '../../test/access-world.ts'
import { FakeClient, turns } from '../../test/world.ts'

const roles: readonly Role[] = ['view', 'comment', 'edit', 'own']
const mayEdit = (role: Role): boolean => role === 'edit' || role === 'own'

/** A document with one word in it, somebody who watches it, and somebody with `role`. */
async function createScene(role: Role, isQuire: boolean) {
  const { world, port } = createAccessWorld()
  port.answers.set('watcher', grantOf('watcher', 'own'))
  port.answers.set('guest', grantOf('guest', role))
  const watcher = await enter(world, 'watcher', 'doc', isQuire)
  watcher.text.insert(0, 'word')
  await world.pass(100)
  const guest = await enter(world, 'guest', 'doc', isQuire)
  await world.pass(100)
  return { port, world, watcher, guest, stored: () => textLater(world) }
}
type Scene = Awaited<ReturnType<typeof createScene>>

/** The document as the guest has it, changed, without the session hearing of it. */
function change({ guest }: Scene, edit: (text: Y.Text) => void): Uint8Array {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(guest.doc))
  const before = Y.encodeStateVector(doc)
  edit(doc.getText('content'))
  return Y.encodeStateAsUpdate(doc, before)
}

const typed = (scene: Scene) => change(scene, (text) => text.insert(4, '!'))
const deleted = (scene: Scene) => change(scene, (text) => text.delete(0, 4))
/** Every way to bring an edit into a document; with what the document is afterwards, when that is allowed. */
const edits: readonly [string, (scene: Scene) => Uint8Array, string][] = [
  ['an Update', (scene) => encodeUpdate(typed(scene)), 'word!'],
  ['an Update that only deletes', (scene) => encodeUpdate(deleted(scene)), ''],
  ['a Step2', (scene) => encodeStep2(typed(scene)), 'word!'],
  ['a Step2 that only deletes', (scene) => encodeStep2(deleted(scene)), ''],
]
/** What changes no document, whoever sends it. */
const hidden: readonly [string, (scene: Scene) => Uint8Array][] = [
  [
    'an edit behind presence in one frame',
    (scene) =>
      Buffer.concat([encodePresence(encodePresenceEntries([])), encodeUpdate(typed(scene))]),
  ],
  [
    'two edits in one frame',
    (scene) => Buffer.concat([encodeUpdate(typed(scene)), encodeUpdate(typed(scene))]),
  ],
  [
    'an edit behind a Step1 in one frame',
    (scene) => Buffer.concat([encodeStep1(Uint8Array.of(0)), encodeUpdate(typed(scene))]),
  ],
  ['presence that is an update', (scene) => encodePresence(typed(scene))],
  ['an update in a Step1', (scene) => encodeStep1(typed(scene))],
  [
    'an update under a type of the server',
    (scene) => Uint8Array.of(17, ...encodeUpdate(typed(scene)).subarray(1)),
  ],
]

for (const isQuire of [true, false]) {
  const dialect = isQuire ? 'quire.v1' : 'y-websocket'
  for (const role of roles) {
    test.each(edits)(`[AC2] ${dialect}, ${role}: %s`, async (_what, frameOf, after) => {
      const scene = await createScene(role, isQuire)
      const { guest, watcher, world, stored } = scene
      const frames = watcher.documentFrames.length
      const acks = guest.saved
      const { updatesTaken } = world.ports.counters
      guest.send(frameOf(scene))
      await world.pass(200)
      expect(guest.transport.closed).toBeUndefined()
      if (mayEdit(role)) {
        expect(await stored()).toBe(after)
        expect(watcher.text.toJSON()).toBe(after)
        return
      }
      expect(await stored()).toBe('word')
      expect(watcher.documentFrames.length).toBe(frames)
      expect(guest.saved).toBe(acks)
      expect(world.ports.counters).toMatchObject({ updatesTaken, updatesRefused: 1 })
    })

    test.each(hidden)(`[AC2] ${dialect}, ${role}: %s`, async (_what, frameOf) => {
      const scene = await createScene(role, isQuire)
      const { guest, watcher, world, stored } = scene
      guest.send(frameOf(scene))
      await world.pass(200)
      expect(guest.transport.closed?.code).toBe(4400)
      expect([await stored(), watcher.text.toJSON()]).toEqual(['word', 'word'])
    })
  }
}

test('[AC2] a reader follows the document and is seen in it', async () => {
  for (const role of ['view', 'comment'] as const) {
    const { guest, watcher, world } = await createScene(role, true)
    guest.show({ clientId: 7, clock: 1, json: '{"cursor":1}' })
    watcher.text.insert(0, 'a ')
    await world.pass(200)
    expect(guest.text.toJSON()).toBe('a word')
    const json = '{"user":{"id":"guest","name":"guest"},"cursor":1}'
    expect(watcher.presence).toContainEqual({ clientId: 7, clock: 1, json })
    // What a reader says about what it was sent is nothing new, and acknowledged.
    expect(guest.saved).toBe(guest.sentSyncFrames)
  }
})

test('[AC3] after a refused edit no frame is acknowledged, whatever comes; those before it are', async () => {
  const { guest, world, port } = await createScene('edit', true)
  world.steered.appendFails = new Error('the disk is away')
  guest.text.insert(0, 'taken ')
  port.answers.set('guest', grantOf('guest', 'view'))
  world.hub.access.recheck({ userId: 'guest' })
  guest.text.insert(0, 'refused ')
  guest.send(encodeStep1(Y.encodeStateVector(guest.doc)))
  guest.send(encodeStep2(Y.encodeStateAsUpdate(new Y.Doc())))
  world.steered.appendFails = undefined
  await world.pass(10_000)
  // Step1, Step2 and the edit that was taken.
  expect(guest.saved).toBe(3)
  guest.send(encodeStep1(Y.encodeStateVector(guest.doc)))
  await world.pass(1_000)
  expect(guest.saved).toBe(3)
})

test('[AC3] a flood of refused edits costs no memory', async () => {
  const scene = await createScene('view', true)
  const { guest, world } = scene
  const frame = encodeUpdate(typed(scene))
  for (let i = 0; i < 50_000; i++) guest.send(frame)
  expect(world.ports.counters.updatesRefused).toBe(50_000)
  expect(guest.session.acks?.isWaiting).toBe(false)
})

test('[AC3] when it may write, a session with refused edits is sent away, and brings them', async () => {
  const { guest, watcher, world, port, stored } = await createScene('view', true)
  guest.text.insert(0, 'kept ')
  await world.pass(100)
  port.answers.set('guest', grantOf('guest', 'edit'))
  world.hub.access.recheck({ userId: 'guest' })
  expect(guest.transport.closed?.code).toBe(4506)
  const again = new FakeClient(world, 'doc', { token: 'guest' })
  await turns()
  again.send(encodeStep2(Y.encodeStateAsUpdate(guest.doc)))
  expect(await stored()).toBe('kept word')
  expect(watcher.text.toJSON()).toBe('kept word')
})
