import { schema } from '@quire/document'
import { cell, code, createSeededRandom, doc, p, row, table } from '@quire/testkit'
import { EditorState, type Transaction } from 'prosemirror-state'
import { AttrStep, Step } from 'prosemirror-transform'
import { expect, test } from 'vitest'
import { type AttributesAt, AttributesStep, setAttributesOfMany } from './attributes-step.ts'

const start = doc(
  p('one'),
  p('two'),
  table(row(cell('three'), cell('four')), row(cell('five'), cell('six'))),
  code('seven'),
  p(),
).node

const begin = (): Transaction => EditorState.create({ doc: start }).tr

function blocksIn(node = start): number[] {
  const found: number[] = []
  node.descendants((child, pos) => {
    if (child.type === schema.nodes['block'] || child.type === schema.nodes['table_cell']) {
      found.push(pos)
    }
  })
  return found
}

const quoted = (positions: readonly number[]): AttributesAt[] =>
  positions.map((pos) => ({
    pos,
    attributes:
      start.nodeAt(pos)?.type === schema.nodes['block']
        ? { kind: 'quote', indent: 2 }
        : { align: 'right' },
  }))

test('one step does what a step for each does, at any depth', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = createSeededRandom(seed)
    const changes = quoted(blocksIn().filter(() => random.chance(0.5)))
    const each = setAttributesOfMany(begin(), changes)
    const once = begin().step(new AttributesStep(changes))
    expect(once.doc.eq(each.doc)).toBe(true)
    expect(each.steps.every((step) => step instanceof AttrStep)).toBe(true)
  }
})

test('many are one step, and blocks that it leaves alone are the same', () => {
  const many = doc(...Array.from({ length: 100 }, (_, i) => p(`word ${i}`))).node
  const { tr } = EditorState.create({ doc: many })
  const changes = blocksIn(many).slice(1)
  setAttributesOfMany(
    tr,
    changes.map((pos) => ({ pos, attributes: { kind: 'bullet' } })),
  )
  expect(tr.steps).toHaveLength(1)
  expect(tr.doc.child(0)).toBe(many.child(0))
  expect(tr.doc.child(99).attrs['kind']).toBe('bullet')
})

test('it can be taken back, told in JSON, and done after other steps', () => {
  const step = new AttributesStep(quoted(blocksIn()))
  const { doc: changed } = begin().step(step)
  expect(begin().step(step).step(step.invert(start)).doc.eq(start)).toBe(true)
  const told = Step.fromJSON(schema, JSON.parse(JSON.stringify(step.toJSON())))
  expect(begin().step(told).doc.eq(changed)).toBe(true)
  // The first block goes, and words come into the second one.
  const other = begin().delete(0, 5).insertText('more ', 1)
  const mapped = step.map(other.mapping)
  expect(mapped?.changes).toHaveLength(step.changes.length - 1)
  const both = mapped ? other.step(mapped).doc : null
  expect(both?.child(0).attrs['kind']).toBe('quote')
  expect(both?.child(0).textContent).toBe('more two')
  expect(step.map(begin().delete(0, start.content.size).mapping)).toBeNull()
})

test('a place without a node refuses all of it, and so does what is no step', () => {
  const refused = (pos: number) =>
    new AttributesStep([
      { pos: 0, attributes: { kind: 'quote' } },
      { pos, attributes: {} },
    ]).apply(start).failed
  for (const pos of [1, 2, start.content.size, 1_000]) expect(refused(pos)).not.toBeNull()
  for (const json of [{}, { changes: [{ pos: '1' }] }, { changes: 1 }]) {
    expect(() => AttributesStep.fromJSON(schema, json)).toThrow(RangeError)
  }
})
