import { defaultLimits, type Limits } from '@quire/protocol'
import { expect, test } from 'vitest'
import type { Session } from '../session/session.ts'
import { type HeldUpdate, HeldUpdates } from './held-updates.ts'

/** Who holds is told apart, and nothing else of a session is looked at. */
const session = () => ({}) as Session

function held(of: Session, byteCount = 10, lookCount = 1): HeldUpdate {
  const update = new Uint8Array(byteCount)
  return { session: of, update, isAnswer: false, acks: 1, entry: undefined, lookCount }
}

const create = (limits: Partial<Limits>) => new HeldUpdates({ ...defaultLimits, ...limits })

test('[SY10] what waits is bounded for each session, and for all of a room together', () => {
  const [ada, ben, cleo] = [session(), session(), session()]
  const perSession = create({ heldUpdatesMax: 2, heldBytesMax: 100 })
  expect([1, 2, 3].map((clock) => perSession.hold(held(ada), 7, clock))).toEqual([
    true,
    true,
    false,
  ])
  expect(perSession.hold(held(ben, 101), 7, 1)).toBe(false)

  const byCount = create({ heldUpdatesPerRoomMax: 2 })
  expect([ada, ben, cleo].map((each) => byCount.hold(held(each), 7, 1))).toEqual([
    true,
    true,
    false,
  ])
  const byBytes = create({ heldBytesPerRoomMax: 250 })
  expect([ada, ben, cleo].map((each) => byBytes.hold(held(each, 100), 7, 1))).toEqual([
    true,
    true,
    false,
  ])
  // What goes makes room.
  byBytes.drop(ada)
  expect(byBytes.hold(held(cleo, 100), 7, 1)).toBe(true)
  expect(byBytes.release([7], () => 1)).toHaveLength(2)
  expect(byBytes.count).toBe(0)
  expect(byBytes.hold(held(ada, 250), 7, 1)).toBe(true)
})

test('[SY10] one update is looked at so often, and no more', () => {
  const waiting = create({ heldLooksMax: 3 })
  const ada = session()
  for (let lookCount = 1; lookCount <= 3; lookCount++) {
    expect(waiting.hold(held(ada, 10, lookCount), lookCount, 1)).toBe(true)
    expect(waiting.release([lookCount], () => 1)).toHaveLength(1)
  }
  expect(waiting.hold(held(ada, 10, 4), 4, 1)).toBe(false)
})

test('[SY10] only what its client has caught up with is looked at again', () => {
  const waiting = create({})
  const ada = session()
  for (const clock of [5, 9]) waiting.hold(held(ada, clock), 7, clock)
  waiting.hold(held(ada, 1), 8, 1)
  expect(waiting.release([7], () => 4)).toEqual([])
  expect(waiting.release([7], () => 5).map(({ update }) => update.length)).toEqual([5])
  expect(waiting.count).toBe(2)
  expect(waiting.has(ada)).toBe(true)
  expect(waiting.release([7, 8], () => 9)).toHaveLength(2)
  expect(waiting.has(ada)).toBe(false)
})
