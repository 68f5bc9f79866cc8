import { encodeToken, encodeUpdate, type Role } from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { codeOf, createAccessWorld, enter, grantOf, textLater } from '../../test/access-world.ts'
import { named } from '../../test/harness.ts'
import { type FakeClient, turns } from '../../test/world.ts'

const forbidden = 4403
const accessDown = 4504
const accessChanged = 4506

/** The roles that the client was told, in order. */
const roles = ({ transport }: FakeClient): string[] =>
  transport.sent
    .filter((frame) => frame[0] === 16)
    .map((frame) => /"role":"(\w+)"/.exec(new TextDecoder().decode(frame))?.[1] ?? '')

test.each(['throws', 'rejects', 'held'] as const)(
  '[AC9] a port that %s sends newcomers away for now, and those who are in stay',
  async (mode) => {
    const { world, port } = createAccessWorld()
    port.answers.set('ada', grantOf('ada'))
    const ada = await enter(world, 'ada')
    port.mode = mode
    const ben = await enter(world, 'ben')
    await world.pass(80_000)
    expect(codeOf(ben)).toBe(accessDown)
    expect(ben.transport.sent).toEqual([])
    expect(codeOf(ada)).toBeUndefined()
    ada.text.insert(0, 'mine')
    expect(await textLater(world)).toBe('mine')
  },
)

const user = { id: 'x', name: 'x' }
test.each([
  undefined,
  null,
  7,
  {},
  { denied: 'perhaps' },
  { role: 'edit' },
  { user },
  { user, role: 'admin' },
  { user: { id: 'x' }, role: 'edit' },
  { user: { id: 'x'.repeat(129), name: '' }, role: 'edit' },
  { user: { id: 'a\0b', name: '' }, role: 'edit' },
  { user: { id: '\ud800', name: '' }, role: 'edit' },
  { user: { id: 'x', name: 'x'.repeat(129) }, role: 'edit' },
  { user: { ...user, color: 'red' }, role: 'edit' },
])('[AC9] a port that answers %j has decided nothing', async (nonsense) => {
  const { world, port } = createAccessWorld()
  port.answers.set('ada', grantOf('ada'))
  port.mode = 'held'
  const ada = await enter(world, 'ada')
  port.answer(1, nonsense as never)
  await turns()
  expect(codeOf(ada)).toBe(accessDown)
  expect(world.hub.rooms).toEqual([])
})

test('[AC6] a revocation applies at once, to those whom it concerns', async () => {
  const { world, port } = createAccessWorld()
  for (const id of ['ada', 'ben']) port.answers.set(id, grantOf(id))
  const ada = await enter(world, 'ada')
  const elsewhere = await enter(world, 'ada', 'other')
  const ben = await enter(world, 'ben')
  port.answers.delete('ada')
  world.hub.access.recheck({ document: named('doc') })
  expect([ada, elsewhere, ben].map(codeOf)).toEqual([forbidden, undefined, undefined])
  world.hub.access.recheck({ document: named('other'), userId: 'ben' })
  expect(codeOf(elsewhere)).toBeUndefined()
  world.hub.access.recheck({ userId: 'ada' })
  expect([elsewhere, ben].map(codeOf)).toEqual([forbidden, undefined])
  port.answers.clear()
  world.hub.access.recheck({})
  expect(codeOf(ben)).toBe(forbidden)
})

test('[AC6] what is sent after a recheck waits for the answer: a revoked edit is not taken, a good one is', async () => {
  const { world, port } = createAccessWorld()
  for (const id of ['ada', 'ben']) port.answers.set(id, grantOf(id))
  const [ada, ben, watcher] = [
    await enter(world, 'ada'),
    await enter(world, 'ben'),
    await enter(world, 'ben'),
  ]
  ada.text.insert(0, 'before ')
  await world.pass(100)
  port.mode = 'held'
  world.hub.access.recheck({ document: named('doc') })
  ada.text.insert(0, 'REVOKED ')
  ben.text.insert(0, 'good ')
  await world.pass(500)
  expect(watcher.text.toJSON()).toBe('before ')
  port.answers.delete('ada')
  port.answer()
  await world.pass(100)
  expect([ada, ben, watcher].map(codeOf)).toEqual([forbidden, undefined, undefined])
  expect(await textLater(world)).toBe('good before ')
  expect(watcher.text.toJSON()).toBe('good before ')
  expect(ben.saved).toBe(ben.sentSyncFrames)
})

test('[AC6] while a document is still loading a revocation ends those who wait', async () => {
  const { world, port } = createAccessWorld()
  port.answers.set('ada', grantOf('ada'))
  world.steered.isHoldingOpens = true
  const ada = await enter(world, 'ada')
  port.mode = 'held'
  world.hub.access.recheck({ userId: 'ada' })
  world.steered.letOpen()
  await world.pass(100)
  // It is in the room, but what it asked is not answered before the port has spoken.
  expect(ada.documentFrames).toEqual([])
  port.answers.delete('ada')
  port.answer()
  await turns()
  expect(codeOf(ada)).toBe(forbidden)
  expect(ada.documentFrames).toEqual([])
})

test('[AC8] a late answer to a question from before does not count', async () => {
  const { world, port } = createAccessWorld()
  port.mode = 'held'
  const ada = await enter(world, 'ada')
  world.hub.access.recheck({ document: named('doc') })
  expect(port.openCount).toBe(2)
  port.answer(1, grantOf('ada'))
  await turns()
  expect([ada.isSynced, codeOf(ada)]).toEqual([false, undefined])
  port.answer(1, { denied: 'forbidden' })
  await turns()
  expect(codeOf(ada)).toBe(forbidden)
  expect(world.hub.rooms).toEqual([])
})

test('[AC8] however many tokens a client sends, one question about it is open, and the last token counts', async () => {
  const { world, port } = createAccessWorld()
  for (const id of ['ada', 'last']) port.answers.set(id, grantOf('ada'))
  const ada = await enter(world, 'ada')
  port.mode = 'held'
  for (let i = 0; i < 1_000; i++) ada.send(encodeToken('ada'))
  ada.send(encodeToken('last'))
  expect(port.openCount).toBe(1)
  port.answer()
  await turns()
  expect(port.openCount).toBe(1)
  expect(port.asked.at(-1)?.token).toBe('last')
  port.answer()
  await turns()
  expect([port.openCount, codeOf(ada)]).toEqual([0, undefined])
})

test('[AC7] a session under review is closed after a second without an answer, and nothing of it is taken', async () => {
  const { world, port } = createAccessWorld()
  for (const id of ['ada', 'ben']) port.answers.set(id, grantOf(id))
  const [ada, ben] = [await enter(world, 'ada'), await enter(world, 'ben')]
  port.mode = 'held'
  world.hub.access.recheck({ userId: 'ada' })
  ada.text.insert(0, 'in doubt')
  world.clock.advance(999)
  expect(codeOf(ada)).toBeUndefined()
  world.clock.advance(1)
  expect([ada, ben].map(codeOf)).toEqual([accessDown, undefined])
  port.answer()
  expect(await textLater(world)).toBe('')
})

test.each(['throws', 'rejects'] as const)(
  '[AC7] when the port %s, those under review are closed, and may come back',
  async (mode) => {
    const { world, port } = createAccessWorld()
    port.answers.set('ada', grantOf('ada'))
    const ada = await enter(world, 'ada')
    port.mode = mode
    world.hub.access.recheck({})
    await turns()
    expect(codeOf(ada)).toBe(accessDown)
  },
)

test('[AC7] as many as there are, those under review are asked about a bounded number at a time', async () => {
  const { world, port } = createAccessWorld({ reviewsMax: 5 })
  port.answers.set('ada', grantOf('ada'))
  const clients: FakeClient[] = []
  for (let i = 0; i < 23; i++) clients.push(await enter(world, 'ada'))
  port.mode = 'held'
  world.hub.access.recheck({})
  for (const expected of [5, 5, 5, 5, 3]) {
    expect(port.openCount).toBe(expected)
    port.answer()
    await turns()
  }
  expect(clients.map(codeOf).every((code) => code === undefined)).toBe(true)
  // With an answer at once there is no queue, and no depth of calls either.
  port.mode = 'at once'
  world.hub.access.recheck({})
  expect(world.hub.access.sessionCount).toBe(23)
})

test('[AC6] a demotion is told, applies to what is on the way, and a promotion lets the session begin again', async () => {
  const { world, port } = createAccessWorld()
  const set = (role: Role): void => {
    port.answers.set('ada', grantOf('ada', role))
    world.hub.access.recheck({ userId: 'ada' })
  }
  port.answers.set('ada', grantOf('ada', 'view'))
  const ada = await enter(world, 'ada')
  set('comment')
  set('edit')
  ada.text.insert(0, 'taken ')
  set('own')
  set('view')
  expect(roles(ada)).toEqual(['view', 'comment', 'edit', 'own', 'view'])
  ada.text.insert(0, 'refused ')
  await world.pass(100)
  expect(codeOf(ada)).toBeUndefined()
  set('edit')
  expect(codeOf(ada)).toBe(accessChanged)
  expect(await textLater(world)).toBe('taken ')
})

test('[AC6] an edit that waits for its predecessors when its author is demoted is not taken later', async () => {
  const { world, port } = createAccessWorld()
  for (const id of ['ada', 'ben']) port.answers.set(id, grantOf(id))
  const [ada, ben] = [await enter(world, 'ada'), await enter(world, 'ben')]
  const source = new Y.Doc()
  const updates: Uint8Array[] = []
  source.on('update', (update: Uint8Array) => updates.push(update))
  source.getText('content').insert(0, 'first ')
  source.getText('content').insert(6, 'second')
  ada.send(encodeUpdate(updates[1] as Uint8Array))
  port.answers.set('ada', grantOf('ada', 'view'))
  world.hub.access.recheck({ userId: 'ada' })
  ben.send(encodeUpdate(updates[0] as Uint8Array))
  expect(await textLater(world)).toBe('first ')
})
