/** What somebody has who uses y-prosemirror as it comes: its plugins, in the shape of a binding, so that a peer can be made of it. */
import { contentOf, schema } from '@quire/document'
import {
  initProseMirrorDoc,
  redoCommand,
  undoCommand,
  ySyncPlugin,
  yUndoPlugin,
} from 'y-prosemirror'
import type * as Y from 'yjs'
import type { Binding } from '../src/index.ts'

export function stockBinding(doc: Y.Doc): Binding {
  const content = contentOf(doc)
  const { doc: initialDoc, mapping } = initProseMirrorDoc(content, schema)
  return {
    initialDoc,
    plugins: [
      ySyncPlugin(content, { mapping }),
      yUndoPlugin({ protectedNodes: new Set(['block', 'code_block']) }),
    ],
    state: { kind: 'ready' },
    attach: () => () => undefined,
    undo: undoCommand,
    redo: redoCommand,
    canUndo: () => false,
    canRedo: () => false,
    stopCapturing: () => undefined,
    on: () => () => undefined,
    destroy: () => undefined,
  }
}
