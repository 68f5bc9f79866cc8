import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { drawDocument } from '../../test/random-document.ts'
import {
  blocksOf,
  bytesOf,
  keysOf,
  paragraphs,
  shared,
  textIn,
} from '../../test/shared-documents.ts'
import { contentOf, seedUpdate } from '../index.ts'
import { type Part, readTree, textOf } from './content-tree.ts'
import { diffStates, editState, type PartChange, renderState } from './index.ts'
import { makeEqual } from './make-equal.ts'
import { treeOf } from './shared-state.ts'
import type { JsonNode } from './tree-json.ts'

test('[ST3] an edit makes any state say what any other says, as an ordinary update', () => {
  for (let seed = 1; seed <= 80; seed++) {
    const [from, to] = [shared(drawDocument(seed)), shared(drawDocument(seed + 1_000))]
    const update = editState(bytesOf(from), { kind: 'restore', state: bytesOf(to) })
    const before = Y.decodeStateVector(Y.encodeStateVector(from))
    if (update) Y.applyUpdate(from, update)
    const wanted = keysOf(readTree(contentOf(to)))
    expect(keysOf(readTree(contentOf(from))), `seed ${seed}`).toEqual(wanted)
    const news = [...Y.decodeStateVector(Y.encodeStateVector(from)).keys()].filter(
      (id) => !before.has(id),
    )
    expect(news.length).toBeLessThanOrEqual(1)
    expect(from.store.pendingStructs).toBeNull()
  }
})

test('[ST3] an edit that changes nothing has no update, and one that would leave nothing is refused', () => {
  const doc = shared(drawDocument(3))
  expect(editState(bytesOf(doc), { kind: 'restore', state: bytesOf(doc) })).toBeUndefined()
  const seeded = { updates: [seedUpdate] }
  const json = JSON.parse(renderState(seeded, 'json')) as JsonNode
  expect(editState(seeded, { kind: 'write', json })).toBeUndefined()
  expect(() => editState(seeded, { kind: 'write', json: { type: 'doc' } })).toThrow(
    expect.objectContaining({ code: 'bad-edit' }),
  )
})

test('[ST3] what is the same stays the very same, whatever moves around it', () => {
  const doc = shared(paragraphs('one', 'two', 'three', 'four'))
  const kept = blocksOf(doc)
  const target = bytesOf(shared(paragraphs('new', 'one', 'three', 'four and more')))
  doc.transact(() => makeEqual(contentOf(doc), treeOf(target)))
  const now = blocksOf(doc)
  expect(now.map((block) => kept.indexOf(block))).toEqual([-1, 0, 2, 3])
})

test('[ST4] what a colleague types meanwhile stays: in a block that is kept, changed, and emptied', () => {
  const doc = shared(paragraphs('kept', 'this was changed by somebody', 'not there then'))
  const past = bytesOf(shared(paragraphs('kept', 'this was here before', '')))
  const colleague = new Y.Doc()
  Y.applyUpdate(colleague, Y.encodeStateAsUpdate(doc))
  const texts = [0, 1, 2].map((at) => textIn(colleague, at))
  texts[0]?.insert(4, ' and typed')
  texts[1]?.insert(4, ' typed')
  texts[2]?.insert(0, 'typed ')
  const update = editState(bytesOf(doc), { kind: 'restore', state: past })
  Y.applyUpdate(doc, update ?? new Uint8Array())
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(colleague))
  expect(renderState(bytesOf(doc), 'text').split('\n')).toEqual([
    'kept and typed',
    'this typed was here before',
    'typed ',
  ])
})

test('[ST4] setting a mark back does not touch the words under it', () => {
  const doc = shared(paragraphs('some words here'))
  const past = bytesOf(doc)
  const text = textIn(doc, 0)
  text.format(5, 5, { bold: {} })
  const update = editState(bytesOf(doc), { kind: 'restore', state: past })
  const colleague = new Y.Doc()
  Y.applyUpdate(colleague, Y.encodeStateAsUpdate(doc))
  textIn(colleague, 0).insert(7, '-typed-')
  Y.applyUpdate(doc, update ?? new Uint8Array())
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(colleague))
  expect(renderState(bytesOf(doc), 'text')).toBe('some wo-typed-rds here')
})

test('[ST5] a difference shows all of both states', () => {
  const sides = (
    changes: readonly PartChange[],
    before: readonly Part[],
  ): { one: string; other: string } => {
    let [one, other] = ['', '']
    let at = 0
    const parts = before.filter((part) => !(part.kind === 'text' && part.runs.length === 0))
    for (const change of changes) {
      if (change.kind === 'same') {
        for (const part of parts.slice(at, at + change.count)) {
          one += textOf(part).replaceAll(' ', '')
          other += textOf(part).replaceAll(' ', '')
        }
        at += change.count
      } else if (change.kind === 'added') other += textOf(change.part)
      else if (change.kind === 'removed') {
        one += textOf(change.part)
        at += 1
      } else if (change.kind === 'text') {
        for (const { kind, run } of change.changes) {
          if (kind !== 'added') one += run.text
          if (kind !== 'removed') other += run.text
        }
        at += 1
      } else {
        const part = parts[at++]
        const inside = sides(change.children, part?.kind === 'element' ? part.children : [])
        one += inside.one
        other += inside.other
      }
    }
    return { one: one.replaceAll(' ', ''), other: other.replaceAll(' ', '') }
  }
  for (let seed = 1; seed <= 80; seed++) {
    const [from, to] = [drawDocument(seed), drawDocument(seed + (seed % 2 === 0 ? 1 : 1_000))].map(
      shared,
    )
    if (!from || !to) continue
    const [before, after] = [treeOf(bytesOf(from)), treeOf(bytesOf(to))]
    const shown = sides(diffStates(bytesOf(from), bytesOf(to)), before)
    expect(shown.one, `seed ${seed}`).toBe(before.map(textOf).join('').replaceAll(' ', ''))
    expect(shown.other, `seed ${seed}`).toBe(after.map(textOf).join('').replaceAll(' ', ''))
  }
})

test('[ST5] a changed sentence is shown word by word, and a mark as a mark', () => {
  const before = shared(paragraphs('first', 'the quick brown fox jumps', 'gone'))
  const after = shared(paragraphs('first', 'the slow brown fox jumps', 'something else'))
  textIn(after, 1).format(9, 5, { bold: {} })
  expect(diffStates(bytesOf(before), bytesOf(after))).toEqual([
    { kind: 'same', count: 1 },
    {
      kind: 'element',
      name: 'block',
      attributes: undefined,
      children: [
        {
          kind: 'text',
          changes: [
            { kind: 'same', run: { text: 'the ', marks: {} } },
            { kind: 'removed', run: { text: 'quick', marks: {} } },
            { kind: 'added', run: { text: 'slow', marks: {} } },
            { kind: 'same', run: { text: ' ', marks: {} } },
            { kind: 'formatted', run: { text: 'brown', marks: { bold: {} } }, before: {} },
            { kind: 'same', run: { text: ' fox jumps', marks: {} } },
          ],
        },
      ],
    },
    { kind: 'removed', part: expect.objectContaining({ name: 'block' }) },
    { kind: 'added', part: expect.objectContaining({ name: 'block' }) },
  ])
})
