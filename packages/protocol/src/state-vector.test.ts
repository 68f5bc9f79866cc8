/** State vectors of more clients than anybody here knows. That they are those of Yjs is in `wire.test.ts`. */
import { expect, test } from 'vitest'
import { clientCountOf, encodeStateVector, parseStateVector } from './index.ts'

const written = encodeStateVector(
  new Map([
    [1, 5],
    [2, 7],
    [3, 9],
  ]),
)

test('[SV1] of a state vector with more clients than are known only those that are known are kept', () => {
  const known = new Map([
    [2, 1],
    [4, 1],
  ])
  expect(parseStateVector(written, 3, known)).toEqual(new Map([[2, 7]]))
  expect(clientCountOf(written)).toBe(3)
  const asMany = new Map([...known, [5, 1]])
  expect(parseStateVector(written, 3, asMany)).toEqual(parseStateVector(written))
})

test('[SV1] what is read past is refused for the same faults as what is kept', () => {
  const broken = [
    [[], 'malformed'],
    [[1], 'malformed'],
    [[1, 1], 'malformed'],
    [[0, 0], 'malformed'],
    [[2, 1, 1, 0x80], 'malformed'],
    [written, 'tooLarge'],
  ] as const
  for (const [bytes, close] of broken) {
    const vector = Uint8Array.from(bytes)
    expect(parseStateVector(vector, 2, new Map()), String(bytes)).toMatchObject({ close })
  }
})
