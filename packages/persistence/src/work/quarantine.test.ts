import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { Quarantine, quarantineMsMax, quarantineMsMin } from './quarantine.ts'

test('[DW2] each loss in a row keeps a document away for twice as long, up to the longest', () => {
  const clock = createManualClock()
  const quarantine = new Quarantine(clock)
  for (let losses = 1, lastMs = quarantineMsMin; losses <= 12; losses++) {
    const entry = quarantine.add('poison', 'compact', 'too-slow')
    expect(entry).toMatchObject({ document: 'poison', kind: 'compact', losses })
    expect(entry.untilMs - clock.nowMs()).toBe(Math.min(lastMs, quarantineMsMax))
    clock.advance(entry.untilMs - clock.nowMs() - 1)
    expect(quarantine.of('poison', 'compact')).toEqual(entry)
    clock.advance(1)
    expect(quarantine.of('poison', 'compact')).toBeUndefined()
    lastMs *= 2
  }
})

test('[DW2] a job that is done begins anew, and other jobs and documents are not meant', () => {
  const quarantine = new Quarantine(createManualClock())
  quarantine.add('poison', 'compact', 'crashed')
  quarantine.add('poison', 'compact', 'crashed')
  expect(quarantine.of('poison', 'render')).toBeUndefined()
  expect(quarantine.of('other', 'compact')).toBeUndefined()
  quarantine.clear('poison', 'compact')
  expect(quarantine.all()).toEqual([])
  expect(quarantine.add('poison', 'compact', 'crashed').losses).toBe(1)
})

test('[DW2] what is remembered is bounded: the entry that ends first goes', () => {
  const clock = createManualClock()
  const quarantine = new Quarantine(clock)
  quarantine.add('first', 'compact', 'crashed')
  clock.advance(1)
  for (let at = 0; at < 1_200; at++) quarantine.add(`d${at}`, 'compact', 'crashed')
  expect(quarantine.all().length).toBe(1_000)
  expect(quarantine.of('first', 'compact')).toBeUndefined()
  expect(quarantine.of('d1199', 'compact')).toBeDefined()
})
