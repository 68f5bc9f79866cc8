import { encodeToken } from '@quire/protocol'
import { expect, test } from 'vitest'
import { codeOf, createAccessWorld, enter, grantOf, textLater } from '../../test/access-world.ts'
import { type FakeClient, turns } from '../../test/world.ts'

const unauthorized = 4401
const forbidden = 4403
const internal = 1011
const accessChanged = 4506

/** How often the client was asked for a newer token. */
const tokenRequests = ({ transport }: FakeClient): number =>
  transport.sent.filter((frame) => frame[0] === 2).length

test('[AC4] a session ends in the millisecond in which its grant ends, and no other with it', async () => {
  const { world, port } = createAccessWorld()
  const endMs = world.clock.wallMs() + 5_000
  port.answers.set('ada', grantOf('ada', 'edit', { expiresAtMs: endMs }))
  port.answers.set('ben', grantOf('ben', 'edit', { expiresAtMs: endMs + 1 }))
  port.answers.set('eve', grantOf('eve'))
  const [ada, ben, eve] = [
    await enter(world, 'ada'),
    await enter(world, 'ben'),
    await enter(world, 'eve'),
  ]
  world.clock.advance(4_999)
  expect([ada, ben, eve].map(codeOf)).toEqual([undefined, undefined, undefined])
  world.clock.advance(1)
  expect([ada, ben, eve].map(codeOf)).toEqual([unauthorized, undefined, undefined])
  world.clock.advance(1)
  expect([ada, ben, eve].map(codeOf)).toEqual([unauthorized, unauthorized, undefined])
})

test.each([0, -1, Number.NaN])(
  '[AC4] a grant that ends in %d ms lets nobody in',
  async (leftMs) => {
    const { world, port } = createAccessWorld()
    port.answers.set('ada', grantOf('ada', 'edit', { expiresAtMs: world.clock.wallMs() + leftMs }))
    const ada = await enter(world, 'ada')
    expect(codeOf(ada)).toBe(unauthorized)
    expect(ada.transport.sent).toEqual([])
    expect(world.hub.rooms).toEqual([])
  },
)

test('[AC4] a grant of a hundred years does not end after the longest time a timer can wait', async () => {
  const { world, port } = createAccessWorld({ recheckMsMax: Number.POSITIVE_INFINITY })
  const years = 100 * 365 * 24 * 3_600_000
  port.answers.set('ada', grantOf('ada', 'edit', { expiresAtMs: world.clock.wallMs() + years }))
  const ada = await enter(world, 'ada')
  world.clock.advance(60 * 24 * 3_600_000)
  expect(codeOf(ada)).toBeUndefined()
})

test('[AC4] a client that brings a newer token when it is asked goes on where it is', async () => {
  const { world, port } = createAccessWorld()
  const startMs = world.clock.wallMs()
  port.answers.set('ada', grantOf('ada', 'edit', { expiresAtMs: startMs + 100_000 }))
  port.answers.set('newer', grantOf('ada', 'edit', { expiresAtMs: startMs + 200_000 }))
  const ada = await enter(world, 'ada')
  world.clock.advance(69_999)
  expect(tokenRequests(ada)).toBe(0)
  world.clock.advance(1)
  expect(tokenRequests(ada)).toBe(1)
  ada.send(encodeToken('newer'))
  world.clock.advance(99_999)
  expect(tokenRequests(ada)).toBe(1)
  world.clock.advance(1)
  expect(tokenRequests(ada)).toBe(2)
  world.clock.advance(29_999)
  expect(codeOf(ada)).toBeUndefined()
  ada.text.insert(0, 'still here')
  world.clock.advance(1)
  expect(codeOf(ada)).toBe(unauthorized)
  expect(await textLater(world)).toBe('still here')
})

test('[AC4] one that brings the same token again is asked once, and ends when the token does', async () => {
  const { world, port } = createAccessWorld()
  const expiresAtMs = world.clock.wallMs() + 8_000
  port.answers.set('ada', grantOf('ada', 'edit', { expiresAtMs }))
  const ada = await enter(world, 'ada')
  world.clock.advance(4_000)
  expect(tokenRequests(ada)).toBe(1)
  ada.send(encodeToken('ada'))
  world.clock.advance(3_999)
  expect([tokenRequests(ada), codeOf(ada)]).toEqual([1, undefined])
  world.clock.advance(1)
  expect(codeOf(ada)).toBe(unauthorized)
})

test('[AC4] a stock client cannot be asked, and ends when its grant does', async () => {
  const { world, port } = createAccessWorld()
  const expiresAtMs = world.clock.wallMs() + 8_000
  port.answers.set('ada', grantOf('ada', 'edit', { expiresAtMs }))
  const ada = await enter(world, 'ada', 'doc', false)
  world.clock.advance(7_999)
  expect(codeOf(ada)).toBeUndefined()
  expect(ada.transport.sent.every((frame) => [0, 1].includes(frame[0] ?? -1))).toBe(true)
  world.clock.advance(1)
  expect(codeOf(ada)).toBe(unauthorized)
})

test('[AC4] a token that is refused ends the session, and so does one of somebody else', async () => {
  const { world, port } = createAccessWorld()
  for (const id of ['ada', 'ben']) port.answers.set(id, grantOf(id))
  const [first, second, third] = [
    await enter(world, 'ada'),
    await enter(world, 'ada'),
    await enter(world, 'ada'),
  ]
  first.send(encodeToken('nobody'))
  second.send(encodeToken('ben'))
  third.send(encodeToken(''))
  expect([first, second, third].map(codeOf)).toEqual([forbidden, accessChanged, unauthorized])
})

test('[AC5] no answer is relied on for longer than a minute, and the questions are spread', async () => {
  const { world, port } = createAccessWorld()
  port.answers.set('ada', grantOf('ada'))
  for (let i = 0; i < 200; i++) await enter(world, 'ada')
  port.asked.length = 0
  const counts: number[] = []
  for (let second = 0; second < 60; second++) {
    const before = port.asked.length
    world.clock.advance(1_000)
    counts.push(port.asked.length - before)
  }
  expect(port.asked.length).toBe(200)
  expect(Math.max(...counts)).toBeLessThan(40)
  port.answers.delete('ada')
  world.clock.advance(60_000)
  expect(world.hub.access.sessionCount).toBe(0)
})

test('[AC5] a grant says itself for how long it is good, and a second is the least', async () => {
  const { world, port } = createAccessWorld()
  for (const [id, recheckMs] of [
    ['often', 4_000],
    ['mad', 0],
    ['wrong', Number.NaN],
    ['never', Number.POSITIVE_INFINITY],
  ] as const) {
    port.answers.set(id, grantOf(id, 'edit', { recheckMs }))
    await enter(world, id)
  }
  port.asked.length = 0
  world.clock.advance(60_000)
  const times = (id: string): number => port.asked.filter(({ token }) => token === id).length
  expect(times('often')).toBeGreaterThanOrEqual(15)
  expect(times('often')).toBeLessThanOrEqual(20)
  expect(times('mad')).toBeGreaterThanOrEqual(60)
  expect(times('mad')).toBeLessThanOrEqual(80)
  expect(times('wrong')).toBe(1)
  expect(times('never')).toBe(0)
})

test('[AC5] a port that is slow is asked a bounded number of routine questions at a time, and all of them', async () => {
  const { world, port } = createAccessWorld({ rechecksMax: 3 })
  port.answers.set('ada', grantOf('ada'))
  for (let i = 0; i < 20; i++) await enter(world, 'ada')
  port.asked.length = 0
  port.mode = 'held'
  world.clock.advance(60_000)
  // Three at a time; each waits ten seconds in vain and makes room for the next.
  expect(port.openCount).toBeLessThanOrEqual(3 * 3)
  expect(port.openCount).toBeGreaterThanOrEqual(3)
  for (let i = 0; i < 20; i++) {
    port.answer()
    await turns()
  }
  expect(new Set(port.asked).size).toBeGreaterThanOrEqual(20)
  expect(world.hub.access.sessionCount).toBe(20)
})

test('[AC4] when everybody has left no timer is left', async () => {
  const { world, port } = createAccessWorld()
  port.answers.set('ada', grantOf('ada', 'edit', { expiresAtMs: world.clock.wallMs() + 50_000 }))
  const before = world.clock.timerCount
  const clients = [await enter(world, 'ada'), await enter(world, 'ada')]
  for (const client of clients) client.leave()
  await world.pass(3_000)
  expect(world.clock.timerCount).toBe(before)
})

test('[AC4] a session that breaks when it is asked for a token ends, and the others end in their own time', async () => {
  const { world, port } = createAccessWorld()
  const startMs = world.clock.wallMs()
  port.answers.set('ada', grantOf('ada', 'edit', { expiresAtMs: startMs + 100_000 }))
  port.answers.set('ben', grantOf('ben', 'edit', { expiresAtMs: startMs + 70_000 }))
  port.answers.set('eve', grantOf('eve', 'edit', { expiresAtMs: startMs + 70_500 }))
  const ada = await enter(world, 'ada')
  const [ben, eve] = [await enter(world, 'ben'), await enter(world, 'eve')]
  world.clock.advance(60_000)
  ada.session.askToken = () => {
    throw new Error('a bug')
  }
  world.clock.advance(10_001)
  expect([ada, ben, eve].map(codeOf)).toEqual([internal, unauthorized, undefined])
  world.clock.advance(501)
  expect(codeOf(eve)).toBe(unauthorized)
})
