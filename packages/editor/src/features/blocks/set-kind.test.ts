import { AttrStep } from 'prosemirror-transform'
import { expect, test } from 'vitest'
import { after, stateOf } from '../../../test/notation.ts'
import { indentBy, setAlign, setKind, toggleCodeBlock, toggleKind } from './set-kind.ts'

test('a kind is set on every selected block by attribute writes alone', () => {
  const { tr } = stateOf('p a‹a\n- b\nh1 c›c')
  setKind('heading', { level: 2 })(tr)
  expect(tr.steps.every((step) => step instanceof AttrStep)).toBe(true)
  expect(after('p a‹a\n- b\nh1 c›c', setKind('heading', { level: 2 }))).toBe('h2 a‹a\nh2 b\nh2 c›c')
})

test('a kind that all blocks have is toggled off', () => {
  expect(after('- ‹a\n- b›', toggleKind('bullet'))).toBe('p ‹a\np b›')
  expect(after('- ‹a\np b›', toggleKind('bullet'))).toBe('- ‹a\n- b›')
})

test('a block that is touched only at its start is not changed', () => {
  expect(after('p ‹a\np ›b', setKind('quote'))).toBe('> ‹a\np ›b')
})

test('a block that becomes a task again is open', () => {
  const { tr } = stateOf('[x] |a')
  setKind('paragraph')(tr)
  setKind('task')(tr)
  expect(tr.doc.firstChild?.attrs).toMatchObject({ kind: 'task', checked: null })
})

test('indent stays between 0 and 8 and Tab is kept either way', () => {
  expect(after('- |a', indentBy(-1))).toBe('- |a')
  expect(after('- |a', indentBy(1))).toBe('  - |a')
  expect(after(`${'  '.repeat(8)}- |a`, indentBy(1))).toBe(`${'  '.repeat(8)}- |a`)
})

test('alignment is an attribute of every selected block', () => {
  const { tr } = stateOf('p ‹a\np b›')
  setAlign('center')(tr)
  expect(tr.doc.children.map((node) => node.attrs['align'])).toEqual(['center', 'center'])
})

test('neighbours become one code block, a line each, and come back as one paragraph of lines', () => {
  expect(after('p ‹a\np b›', toggleCodeBlock())).toBe('``` a⏎b|')
  expect(after('``` a⏎b|', toggleCodeBlock())).toBe('p a⏎b|')
  expect(after('``` a|⏎b', setKind('heading', { level: 1 }))).toBe('h1 a|⏎b')
})
