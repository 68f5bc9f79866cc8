/** The network of the page: what each knob does to people who write over it. */
import { contentOf, seedUpdate } from '@quire/document'
import { createManualClock, createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Network } from './network.ts'
import { speakOver } from './speak.ts'

interface Writer {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  write(name: string): void
  /** What is in the document, in a fixed order. */
  reads(): string
}

function people(count: number) {
  const clock = createManualClock()
  const network = new Network({ clock, random: createSeededRandom(1) }, seedUpdate)
  const persons = Array.from({ length: count }, (): Writer => {
    const doc = new Y.Doc()
    const awareness = new Awareness(doc)
    speakOver(network.join().person, doc, awareness)
    return {
      doc,
      awareness,
      write: (name: string) => contentOf(doc).push([new Y.XmlElement(name)]),
      reads: () =>
        contentOf(doc)
          .toArray()
          .map((node) => (node as Y.XmlElement).nodeName)
          .filter((name) => name !== 'block')
          .sort()
          .join(' '),
    }
  })
  clock.advance(0)
  return { clock, network, persons: persons as [Writer, Writer, Writer] }
}
test('what somebody writes reaches everybody, and the middle', () => {
  const { clock, network, persons } = people(3)
  const [a, b, c] = persons
  a.write('x')
  clock.advance(0)
  expect([b.reads(), c.reads()]).toEqual(['x', 'x'])
  expect(network.isSettled).toBe(true)
})

test('a delay holds back each message for its time, in order', () => {
  const { clock, network, persons } = people(2)
  const [a, b] = persons
  network.links[1]?.set({ delayMs: 100 })
  a.write('x')
  clock.advance(60)
  a.write('y')
  expect(b.reads()).toBe('')
  clock.advance(40)
  expect(b.reads()).toBe('x')
  clock.advance(60)
  expect(b.reads()).toBe('x y')
})

test('held messages wait and none is lost', () => {
  const { clock, network, persons } = people(2)
  const [a, b] = persons
  network.links[1]?.set({ isHeld: true })
  a.write('x')
  b.write('y')
  clock.advance(10_000)
  expect([a.reads(), b.reads()]).toEqual(['x', 'y'])
  expect(network.links[1]?.waitingCount('down')).toBe(1)
  network.links[1]?.set({ isHeld: false })
  clock.advance(0)
  expect([a.reads(), b.reads()]).toEqual(['x y', 'x y'])
})

test('a cut loses what is on its way; joined again, both have everything', () => {
  const { clock, network, persons } = people(2)
  const [a, b] = persons
  const lost: number[] = []
  network.onTravel(({ what, number, message }) => {
    if (what === 'lost' && message.kind === 'update') lost.push(number)
  })
  network.links[1]?.set({ delayMs: 50 })
  a.write('x')
  clock.advance(0)
  network.links[1]?.set({ isCut: true })
  b.write('y')
  clock.advance(1_000)
  expect([a.reads(), b.reads()]).toEqual(['x', 'y'])
  expect(lost).toHaveLength(2)
  network.links[1]?.set({ isCut: false })
  clock.advance(1_000)
  expect([a.reads(), b.reads()]).toEqual(['x y', 'x y'])
})

test('who is cut off sees nobody and is seen by nobody, until the join', () => {
  const { clock, network, persons } = people(2)
  const [a, b] = persons
  a.awareness.setLocalStateField('user', { name: 'Ada' })
  clock.advance(0)
  const seen = () => [a, b].map(({ awareness }) => awareness.getStates().size)
  expect(seen()).toEqual([2, 2])
  network.links[0]?.set({ isCut: true })
  clock.advance(0)
  expect(seen()).toEqual([1, 1])
  network.links[0]?.set({ isCut: false })
  clock.advance(0)
  expect(seen()).toEqual([2, 2])
  expect(b.awareness.getStates().get(a.doc.clientID)).toEqual({ user: { name: 'Ada' } })
})

test('reordered messages overtake each other, and still all arrive', () => {
  const { clock, network, persons } = people(2)
  const [a, b] = persons
  const arrived: number[] = []
  network.links[1]?.set({ isReordered: true, delayMs: 100 })
  network.onTravel(({ link, direction, what, number }) => {
    if (link === 1 && direction === 'down' && what === 'arrived') arrived.push(number)
  })
  const names = 'abcdefghij'.split('')
  for (const name of names) a.write(name)
  clock.advance(10_000)
  expect(b.reads()).toBe(names.join(' '))
  expect(arrived).toHaveLength(names.length)
  expect(arrived).not.toEqual([...arrived].sort((x, y) => x - y))
})

test('nothing arrives within the call that sent it', () => {
  const { clock, network, persons } = people(2)
  const [a, b] = persons
  a.write('x')
  expect(b.reads()).toBe('')
  expect(network.isSettled).toBe(false)
  clock.advance(0)
  expect(b.reads()).toBe('x')
})

test('whoever leaves is gone for the others', () => {
  const { clock, network, persons } = people(3)
  const [a] = persons
  network.part()
  clock.advance(0)
  expect(a.awareness.getStates().size).toBe(2)
  expect(network.links).toHaveLength(2)
})
