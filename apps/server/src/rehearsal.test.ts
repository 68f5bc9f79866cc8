import { seedUpdate } from '@quire/document'
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { rehearse } from './rehearsal.ts'

test('a rehearsal ends by itself and leaves no handle behind', async () => {
  // Other tests of this thread may have left some of theirs.
  const handles = (): string[] =>
    process
      .getActiveResourcesInfo()
      .filter((name) => /TCP|Timeout/.test(name))
      .toSorted()
  const before = handles()
  await rehearse(seedUpdate)
  const serverCount = (names: readonly string[]): number =>
    names.filter((name) => name === 'TCPServerWrap').length
  await until(
    'nothing is left',
    () => handles().length <= before.length && serverCount(handles()) <= serverCount(before),
  )
  expect(serverCount(handles())).toBeLessThanOrEqual(serverCount(before))
})
