// @vitest-environment jsdom
import { documentFormat, metaOf } from '@quire/document'
import { TextSelection } from 'prosemirror-state'
import { until } from '@quire/testkit'
import { expect, test, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { edit, host, open, press, seeded, text, type } from '../test/open-editor.ts'
import { createEditor } from './create-editor.ts'

test('the text field is named and described for screen readers', () => {
  const { view } = edit({ label: 'Minutes', placeholder: 'Begin' })
  expect(view.dom.getAttribute('role')).toBe('textbox')
  expect(view.dom.getAttribute('aria-multiline')).toBe('true')
  expect(view.dom.getAttribute('aria-label')).toBe('Minutes')
  expect(view.dom.getAttribute('aria-placeholder')).toBe('Begin')
  expect(view.dom.classList.contains('is-blank')).toBe(true)
})

test('opening writes nothing into the document', () => {
  const doc = seeded()
  const before = Y.encodeStateAsUpdate(doc)
  edit({ doc })
  expect(Y.encodeStateAsUpdate(doc)).toEqual(before)
})

test('undo takes back one’s own edits and not a colleague’s', () => {
  const doc = seeded()
  const editor = edit({ doc })
  type(editor, 'mine')
  const other = new Y.Doc()
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  const before = Y.encodeStateVector(other)
  const block = other.getXmlFragment('content').get(0) as Y.XmlElement
  ;(block.get(0) as Y.XmlText).insert(4, ' theirs')
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, before), 'remote')
  expect(editor.view.state.doc.textContent).toBe('mine theirs')
  editor.undo()
  expect(editor.view.state.doc.textContent).toBe(' theirs')
  editor.redo()
  expect(editor.view.state.doc.textContent).toBe('mine theirs')
})

test('keys: bold, headings, lists, tasks', () => {
  const editor = edit()
  type(editor, 'word')
  editor.view.dispatch(
    editor.view.state.tr.setSelection(TextSelection.create(editor.view.state.doc, 1, 5)),
  )
  press(editor, 'b', { ctrlKey: true })
  expect(editor.view.state.doc.firstChild?.firstChild?.marks[0]?.type.name).toBe('bold')
  press(editor, '2', { ctrlKey: true, altKey: true, keyCode: 50 })
  expect(text(editor)).toBe('h2 ‹word›')
  press(editor, '*', { ctrlKey: true, shiftKey: true, keyCode: 56 })
  expect(text(editor)).toBe('- ‹word›')
  press(editor, '(', { ctrlKey: true, shiftKey: true, keyCode: 57 })
  press(editor, 'Enter', { ctrlKey: true })
  expect(text(editor)).toBe('[x] ‹word›')
  press(editor, 'Tab')
  expect(text(editor)).toBe('  [x] ‹word›')
})

test('after Escape, Tab is left to the browser', () => {
  const editor = edit()
  expect(press(editor, 'Tab')).toBe(true)
  press(editor, 'Escape')
  expect(press(editor, 'Tab')).toBe(false)
  expect(press(editor, 'Tab')).toBe(true)
})

test('a ticked box is an attribute write and is said', () => {
  const editor = edit()
  type(editor, '[ ] tea')
  const box = editor.view.dom.querySelector('[data-task-box]')
  box?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
  expect(text(editor)).toBe('[x] tea|')
  expect(host.querySelector('[role="status"]')?.textContent).toBe('Task done')
})

test('a view-only editor changes nothing', () => {
  const editor = edit({ editable: false })
  expect(editor.view.editable).toBe(false)
  expect(editor.commands.toggleMark('bold')).toBe(false)
  expect(editor.commands.setKind('heading', { level: 1 })).toBe(false)
  editor.setEditable(true)
  expect(editor.commands.setKind('heading', { level: 1 })).toBe(true)
})

test('commands refuse colours and links that a document may not hold', () => {
  const editor = edit()
  expect(editor.commands.setColor('red')).toBe(false)
  expect(editor.commands.setLink('javascript:alert(1)')).toBe(false)
  expect(editor.commands.insertImage({ src: 'data:image/svg+xml,x' })).toBe(false)
  expect(text(editor)).toBe('p |')
})

test('a block that is not known is locked and said, and the others can be edited', () => {
  const doc = seeded()
  doc.getXmlFragment('content').insert(0, [new Y.XmlElement('hologram')])
  const editor = edit({ doc })
  const told: unknown[] = []
  editor.on('locked', (...locked) => told.push(locked))
  expect(told).toEqual([[['node hologram'], 'blocks']])
  expect(editor.view.editable).toBe(true)
  expect(editor.view.dom.querySelectorAll('[data-locked]')).toHaveLength(1)
  editor.view.dispatch(editor.view.state.tr.insertText('x', 2))
  editor.view.dispatch(editor.view.state.tr.delete(0, editor.view.state.doc.content.size))
  expect(editor.view.dom.closest('.quire')?.textContent).toContain('neither changed nor removed')
  expect((doc.getXmlFragment('content').get(0) as Y.XmlElement).nodeName).toBe('hologram')
  expect(doc.getXmlFragment('content').get(1).toJSON()).toContain('x')
  doc.getXmlFragment('content').delete(0, 1)
  expect(told[1]).toEqual([[], 'blocks'])
})

test('a document of a newer format is shown and not changed', () => {
  const doc = seeded()
  metaOf(doc).set('format', documentFormat + 1)
  const editor = edit({ doc })
  const told: unknown[] = []
  editor.on('locked', (...locked) => told.push(locked))
  expect(told).toEqual([[[`format ${documentFormat + 1}`], 'document']])
  expect(editor.view.editable).toBe(false)
})

test('destroy is idempotent and leaves no listener, frame, timer or element behind', () => {
  const counted = new Map<EventTarget, number>()
  const targets = [document, window, host] as EventTarget[]
  // oxlint-disable-next-line typescript/unbound-method -- put back as they were
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
  const count = (target: EventTarget, by: number) => {
    if (targets.includes(target)) counted.set(target, (counted.get(target) ?? 0) + by)
  }
  EventTarget.prototype.addEventListener = function (this: EventTarget, ...args) {
    count(this, 1)
    add.apply(this, args as Parameters<typeof add>)
  }
  EventTarget.prototype.removeEventListener = function (this: EventTarget, ...args) {
    count(this, -1)
    remove.apply(this, args as Parameters<typeof remove>)
  }
  vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'cancelAnimationFrame'] })
  try {
    const doc = seeded()
    const awareness = new Awareness(doc)
    // Yjs's own UndoManager keeps a "destroy" listener for as long as the document lives.
    const observers = () =>
      [...doc._observers, ...awareness._observers]
        .filter(([name]) => name !== 'destroy')
        .reduce((sum, [, set]) => sum + set.size, 0)
    const before = observers()
    const editor = edit({ doc, awareness, user: { name: 'Ana', color: '#2f7bd9' } })
    type(editor, '/he')
    editor.destroy()
    editor.destroy()
    expect([...counted.values()].every((n) => n <= 0)).toBe(true)
    expect(observers()).toBe(before)
    expect(host.childElementCount).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    awareness.destroy()
  } finally {
    vi.useRealTimers()
    EventTarget.prototype.addEventListener = add
    EventTarget.prototype.removeEventListener = remove
  }
})

test('it lives in a shadow root', async () => {
  const shadow = host.attachShadow({ mode: 'open' })
  const inner = document.createElement('div')
  shadow.append(inner)
  const headBefore = document.head.childElementCount
  const editor = createEditor(inner, { doc: seeded() })
  open.push(editor)
  type(editor, '/qu')
  await until('the list is there', () => inner.querySelector('[role="option"]') !== null)
  expect(inner.querySelectorAll('[role="option"]')).toHaveLength(1)
  expect(document.head.childElementCount).toBe(headBefore)
  expect(editor.view.root).toBe(shadow)
})
