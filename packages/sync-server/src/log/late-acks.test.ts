/** When rooms are told that nothing took their acknowledgements along. */
import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { LateAcks } from './late-acks.ts'

test('[RM10] each room is told at its own time, one that was told meanwhile is not, and no timer stays', () => {
  const clock = createManualClock()
  const late = new LateAcks(clock)
  const told: string[] = []
  const room = (name: string) => ({ late: () => void told.push(name) })
  const [far, near, done] = [room('far'), room('near'), room('done')]
  late.add(far, 300)
  late.add(near, 60)
  late.add(done, 60)
  late.add(near, 300)
  late.delete(done)
  expect([late.has(near), late.has(done)]).toEqual([true, false])
  clock.advance(80)
  expect(told).toEqual(['near'])
  clock.advance(240)
  expect(told).toEqual(['near', 'far'])
  expect(clock.timerCount).toBe(0)
  late.add(near, 60)
  late.delete(near)
  // Nobody is woken up for whom a window was in time.
  expect(clock.timerCount).toBe(0)
  late.add(near, 60)
  expect(clock.timerCount).toBe(1)
  late.close()
  expect(clock.timerCount).toBe(0)
})
