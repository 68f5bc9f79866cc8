import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import { diffStates, editState } from '../src/states/index.ts'
import { bytesOf, paragraphs, shared } from './shared-documents.ts'

test('[ST6] two large documents without a common word are compared in seconds', () => {
  const text = (word: string, count: number): string =>
    Array.from({ length: count }, (_, at) => `${word}${at}`).join(' ')
  const many = (word: string): Node =>
    paragraphs(
      ...Array.from({ length: 3_000 }, (_, at) => text(`${word}${at}x`, 12)),
      text(word, 20_000),
    )
  const [from, to] = [shared(many('a')), shared(many('b'))]
  // Time of the processor: what else the machine does is not our matter.
  const before = process.cpuUsage()
  expect(diffStates(bytesOf(from), bytesOf(to)).length).toBe(6_002)
  const update = editState(bytesOf(from), { kind: 'restore', state: bytesOf(to) })
  expect(update?.length).toBeGreaterThan(100_000)
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(15_000)
})
