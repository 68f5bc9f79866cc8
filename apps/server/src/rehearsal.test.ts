import { seedUpdate } from '@quire/document'
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { rehearse } from './rehearsal.ts'

test('a rehearsal ends by itself and leaves no handle behind', async () => {
  const handles = (): string[] =>
    process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name))
  const before = handles().length
  await rehearse(seedUpdate)
  await until('nothing is left', () => handles().length <= before)
  expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap')
})
