import { schema } from '@quire/document'
import { expect, test } from 'vitest'
import { after, show, stateOf } from '../../../test/notation.ts'
import { moveBlocks } from './move-blocks.ts'

test('blocks move past a neighbour with their selection', () => {
  expect(after('p a\np b|b', moveBlocks(-1))).toBe('p b|b\np a')
  expect(after('p a|a\nh1 b', moveBlocks(1))).toBe('h1 b\np a|a')
  expect(after('p one\np ‹two\np three›', moveBlocks(-1))).toBe('p ‹two\np three›\np one')
  expect(after('p one|\np two is longer', moveBlocks(1))).toBe('p two is longer\np one|')
})

test('at the edge nothing happens', () => {
  expect(after('p a|', moveBlocks(-1))).toBe('p a|')
  expect(after('p a|', moveBlocks(1))).toBe('p a|')
})

test('the side in which a colleague writes stays the same node', () => {
  for (const other of [2, 6]) {
    const state = stateOf('p aaa\np b|bb')
    const { tr } = state
    moveBlocks(-1, () => [other])(tr)
    expect(show(tr)).toBe('p b|bb\np aaa')
    const kept = other === 2 ? state.doc.child(0) : state.doc.child(1)
    // The kept node was mapped, never deleted.
    const pos = other === 2 ? 1 : 6
    expect(tr.mapping.mapResult(pos).deleted).toBe(false)
    expect(tr.doc.children).toContain(kept)
  }
})

test('a locked block is passed, and never written anew itself', () => {
  for (const by of [1, -1] as const) {
    const { tr } = stateOf(by < 0 ? 'p a\np b|bbb' : 'p b|bbb\np a')
    const locked = schema.node('locked')
    tr.insert(by < 0 ? 3 : 6, locked)
    const before = tr.steps.length
    const pos = tr.doc.children.indexOf(locked) === 1 ? (by < 0 ? 3 : 6) : -1
    moveBlocks(by)(tr)
    expect(tr.mapping.slice(before).mapResult(pos, 1).deletedAfter).toBe(false)
    expect(tr.doc.children.indexOf(locked)).toBe(by < 0 ? 2 : 0)
  }
})
