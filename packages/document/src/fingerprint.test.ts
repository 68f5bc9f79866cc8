import { Schema } from 'prosemirror-model'
import { expect, test } from 'vitest'
import { schema, schemaHash, schemaWith } from './index.ts'
import { oneOf } from './schema/attributes.ts'

const star = {
  nodes: { star: { group: 'inline', inline: true, attrs: { points: { default: 5 } } } },
}
const shout = { marks: { shout: { toDOM: () => ['b', 0] as const } } }

test('[SC8] a schema with further types knows all of Quire’s and theirs; without any it is Quire’s own', () => {
  const more = schemaWith([star, shout])
  expect(Object.keys(more.nodes)).toEqual([...Object.keys(schema.nodes), 'star'])
  expect(Object.keys(more.marks)).toEqual([...Object.keys(schema.marks), 'shout'])
  const line = more.node('block', null, [more.node('star'), more.text('a', [more.mark('shout')])])
  expect(more.nodeFromJSON(line.toJSON()).eq(line)).toBe(true)
  expect(schemaWith([])).toBe(schema)
  expect(schemaWith([{}])).toBe(schema)
})

test('[SC8] a name that is taken, by Quire or by another, is refused', () => {
  expect(() => schemaWith([{ nodes: { block: { group: 'flow' } } }])).toThrow(RangeError)
  expect(() => schemaWith([{ marks: { table: {} } }])).toThrow(RangeError)
  expect(() => schemaWith([star, star])).toThrow(RangeError)
})

test('[SC9] the hash of a schema is the same for the same types in any order', () => {
  const hash = schemaHash(schemaWith([star, shout]))
  expect(hash).toMatch(/^[0-9a-f]{16}$/)
  expect(schemaHash(schemaWith([shout, star]))).toBe(hash)
})

test('[SC9] a further node, mark, attribute or word of an attribute is another hash, a placeholder is not', () => {
  const withWords = (...words: string[]) =>
    schemaWith([
      {
        nodes: {
          star: {
            group: 'inline',
            inline: true,
            attrs: { tone: { validate: oneOf(words, 'a tone') } },
          },
        },
      },
    ])
  const schemas = [
    schema,
    schemaWith([star]),
    schemaWith([shout]),
    schemaWith([{ nodes: { star: { group: 'inline', inline: true } } }]),
    withWords('a'),
    withWords('a', 'b'),
  ]
  expect(new Set(schemas.map(schemaHash)).size).toBe(schemas.length)
  const { locked: _, ...rest } = Object.fromEntries(
    Object.values(schema.nodes).map(({ name, spec }) => [name, spec]),
  )
  const marks = Object.fromEntries(
    Object.values(schema.marks).map(({ name, spec }) => [name, spec]),
  )
  expect(schemaHash(new Schema({ nodes: rest, marks }))).toBe(schemaHash(schema))
})
