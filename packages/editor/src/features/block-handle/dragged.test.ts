import { EditorState } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { after, stateOf } from '../../../test/notation.ts'
import { draggedIn, draggedPlugin, moveTo, setDragged } from './dragged.ts'

/** The second of three blocks is being dragged. */
const dragging = (): EditorState => {
  const state = stateOf('p on|e\np two\np three', [draggedPlugin()])
  return state.apply(setDragged(state.tr, { kind: 'blocks', from: 5, to: 10 }))
}

test('what is dragged is followed when a colleague types before it and in it', () => {
  let state = dragging()
  state = state.apply(state.tr.insertText('more ', 1))
  state = state.apply(state.tr.insertText('!', 14))
  const dragged = draggedIn(state)
  expect(dragged).toEqual({ kind: 'blocks', from: 10, to: 16 })
  expect(state.doc.nodeAt(10)?.textContent).toBe('two!')
})

test('what a colleague deletes meanwhile is gone, and what stands there then is not taken for it', () => {
  const state = dragging()
  expect(draggedIn(state.apply(state.tr.delete(5, 10)))).toEqual({ kind: 'gone' })
})

test('a block goes to a place before or behind it, and not into itself', () => {
  expect(after('p one\np t|wo\np three', moveTo(5, 10, 0))).toBe('p |two\np one\np three')
  expect(after('p one\np t|wo\np three', moveTo(5, 10, 17))).toBe('p one\np three\np |two')
  for (const target of [5, 7, 10]) {
    expect(after('p one\np t|wo\np three', moveTo(5, 10, target))).toBe(null)
  }
})
