import { bold, code, color, doc, p, sub } from '@quire/testkit'
import { AllSelection, EditorState, type Command } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { clearFormatting, setMarkValue, toggleMark } from './commands.ts'
import { blocksOneByOneMax } from './mark-steps.ts'

const many = blocksOneByOneMax + 100

function after(state: EditorState, ...commands: readonly Command[]) {
  let stepCount = 0
  for (const command of commands) {
    command(state, (tr) => {
      stepCount += tr.steps.length
      state = state.apply(tr)
    })
  }
  return { state, stepCount }
}

function stateOf(make: (i: number) => ReturnType<typeof p>): EditorState {
  const { node } = doc(code('let x'), ...Array.from({ length: many }, (_, i) => make(i)))
  return EditorState.create({ doc: node, selection: new AllSelection(node) })
}

const textsWith = ({ doc: node }: EditorState, type: string): number => {
  let count = 0
  node.descendants((child) => {
    if (child.isText && child.marks.some((mark) => mark.type.name === type)) count += 1
  })
  return count
}

test('a mark over very many blocks is one step, and code stays as it is', () => {
  const { state, stepCount } = after(
    stateOf((i) => (i === 3 ? p(bold('line'), ' end') : p('line'))),
    toggleMark('bold'),
  )
  expect(stepCount).toBe(1)
  expect(textsWith(state, 'bold')).toBe(many)
  expect(() => state.doc.check()).not.toThrow()
})

test('pressed again it is taken off again', () => {
  const { state, stepCount } = after(
    stateOf(() => p('line')),
    toggleMark('bold'),
    toggleMark('bold'),
  )
  expect(stepCount).toBe(2)
  expect(textsWith(state, 'bold')).toBe(0)
})

test('superscript takes the place of subscript over very many blocks, too', () => {
  const { state } = after(
    stateOf(() => p(sub('line'))),
    toggleMark('superscript'),
  )
  expect([textsWith(state, 'superscript'), textsWith(state, 'subscript')]).toEqual([many, 0])
})

test('a colour over very many blocks takes the place of every other one', () => {
  const { state, stepCount } = after(
    stateOf((i) => p(color(i % 2 === 0 ? '#ff0000' : '#00ff00', 'line'))),
    setMarkValue('color', { color: '#0000ff' }),
  )
  expect(stepCount).toBeLessThanOrEqual(3)
  expect(textsWith(state, 'color')).toBe(many)
  expect(textsWith(after(state, clearFormatting).state, 'color')).toBe(0)
})
