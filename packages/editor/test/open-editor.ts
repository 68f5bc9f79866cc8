/**
 * An editor over a seeded document in a test page, and ways to use it as a person does. Everything
 * it opens is taken away after each test.
 */
import { seedUpdate } from '@quire/document'
import { afterEach, beforeEach } from 'vitest'
import * as Y from 'yjs'
import { createEditor, type Editor, type EditorOptions } from '../src/create-editor.ts'
import { show } from './notation.ts'

/** The element the editor is in; a new one for each test. */
export let host: HTMLElement
/** What `afterEach` destroys. */
export const open: Editor[] = []

beforeEach(() => {
  host = document.createElement('div')
  document.body.append(host)
  // The test document has no layout; ProseMirror asks for it when it scrolls to the caret.
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList
  Range.prototype.getBoundingClientRect = () => new DOMRect()
  document.elementFromPoint = () => null
})

afterEach(() => {
  for (const editor of open.splice(0)) editor.destroy()
  host.remove()
})

/** A document as a server gives it to its first visitor. */
export function seeded(): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, seedUpdate)
  return doc
}

/** Opens an editor in `host`. */
export function edit(options: Partial<EditorOptions> = {}): Editor {
  const editor = createEditor(host, { doc: seeded(), ...options })
  open.push(editor)
  return editor
}

/** Types as a person does: every character passes the input rules first. */
export function type({ view }: Editor, text: string): void {
  for (const char of text) {
    const { from, to } = view.state.selection
    const insert = () => view.state.tr.insertText(char, from, to)
    const isHandled = view.someProp('handleTextInput', (f) => f(view, from, to, char, insert))
    if (!isHandled) view.dispatch(insert())
  }
}

/** Presses a key; true when the editor handled it. */
export function press({ view }: Editor, key: string, modifiers: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers })
  view.dom.dispatchEvent(event)
  return event.defaultPrevented
}

/** The document in notation. */
export const text = (editor: Editor): string => show(editor.view.state)
