/** One view on a shared document with a schema of one's own, for tests that need no second person. */
import type { Schema } from 'prosemirror-model'
import { EditorState } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import { type Binding, createBinding } from '../src/index.ts'

export interface OpenView {
  readonly view: EditorView
  readonly binding: Binding
}

const open: (() => void)[] = []

/** The view lives until {@link closeAll}, which may come after the test has closed it itself. */
export function openView(shared: Y.Doc, schema: Schema): OpenView {
  const binding = createBinding({ doc: shared, schema })
  const view = new EditorView(document.body.appendChild(document.createElement('div')), {
    state: EditorState.create({ doc: binding.initialDoc, schema, plugins: binding.plugins }),
  })
  binding.attach(view)
  open.push(() => {
    view.destroy()
    binding.destroy()
    shared.destroy()
  })
  return { view, binding }
}

export function closeAll(): void {
  for (const close of open.splice(0)) close()
}
