/** What somebody has who uses y-prosemirror as it comes: its plugins, in the shape of a binding, so that a peer can be made of it. */
import { contentOf, schema } from '@quire/document'
import {
  initProseMirrorDoc,
  redoCommand,
  undoCommand,
  ySyncPlugin,
  yUndoPlugin,
  yUndoPluginKey,
} from 'y-prosemirror'
import type { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import type { Binding } from '../src/index.ts'

export function stockBinding(doc: Y.Doc): Binding {
  const content = contentOf(doc)
  let view: EditorView | undefined
  const undoManager = (): Y.UndoManager | undefined => {
    const state = view && (yUndoPluginKey.getState(view.state) as { undoManager: Y.UndoManager })
    return state?.undoManager
  }
  const { doc: initialDoc, mapping } = initProseMirrorDoc(content, schema)
  return {
    initialDoc,
    plugins: [
      ySyncPlugin(content, { mapping }),
      yUndoPlugin({ protectedNodes: new Set(['block', 'code_block']) }),
    ],
    state: { kind: 'ready' },
    attach: (attached) => {
      view = attached
      return () => undefined
    },
    undo: undoCommand,
    redo: redoCommand,
    canUndo: () => undoManager()?.canUndo() === true,
    canRedo: () => undoManager()?.canRedo() === true,
    stopCapturing: () => undoManager()?.stopCapturing(),
    on: () => () => undefined,
    destroy: () => undefined,
  }
}
