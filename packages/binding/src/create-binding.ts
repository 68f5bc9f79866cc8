/**
 * The binding: one ProseMirror view and one shared document kept equal, so that no colleague's edit
 * breaks what somebody is doing. y-prosemirror does the work; each file beside this one mends one
 * thing of it, and its header says which.
 */
import { type Clock, systemClock } from '@quire/base'
import { contentOf, schema as quireSchema } from '@quire/document'
import type { Node, Schema } from 'prosemirror-model'
import { type Command, Plugin, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { caretOverlayPlugin } from './caret-overlay.ts'
import { caretPresencePlugin } from './caret-presence.ts'
import { createComposition } from './composition.ts'
import { draggedContentPlugin } from './dragged-content.ts'
import { createLateText } from './late-text.ts'
import { localChangesPlugin } from './local-changes.ts'
import { lockedContent } from './locked-content.ts'
import { PinnedMapping } from './pinned-mapping.ts'
import { receiveRemoteChanges } from './remote-changes.ts'
import { unknownIn, unknownInChange } from './schema-guard.ts'
import { tableGatePlugin } from './tables.ts'
import { createHistory } from './undo.ts'
import { followMoves } from './undo-moves.ts'
import {
  cutOff,
  readShared,
  syncKey,
  syncPlugin,
  syncMetaOf,
  type YBinding,
  yBindingOf,
} from './y-prosemirror.ts'

export interface BindingOptions {
  /** The shared document. The binding reads and writes its content root, and nothing else. */
  readonly doc: Y.Doc
  /** Presence: carets of others are drawn and this user's is told. Without it, neither. */
  readonly awareness?: Awareness
  /** Name and `#rrggbb` colour of this user, put into the presence state under `user`. */
  readonly user?: { readonly name: string; readonly color: string }
  /** What the document may hold; Quire's own schema unless given. */
  readonly schema?: Schema
  /** The root that holds the content; Quire's own unless given. */
  readonly fragment?: Y.XmlFragment
  /** Typing that pauses for less is one step of undo. */
  readonly captureMs?: number
  readonly clock?: Clock
}

export type BindingState =
  | { readonly kind: 'ready' }
  /** The document holds what the schema does not know, named here. The view is read-only and nothing is written. */
  | { readonly kind: 'locked'; readonly unknown: readonly string[] }

export interface Binding {
  /** The document at the time of making; give it to `EditorState.create` as `doc`, so that nothing is rendered twice. */
  readonly initialDoc: Node
  /** For `EditorState.create`, in this order, before plugins that react to content. */
  readonly plugins: Plugin[]
  readonly state: BindingState
  /** Call it once, right after the view is made. The returned function detaches; it is idempotent. */
  attach(view: EditorView): () => void
  readonly undo: Command
  readonly redo: Command
  canUndo(): boolean
  canRedo(): boolean
  /** The next edit begins a new step of undo. */
  stopCapturing(): void
  on(event: 'state', listener: (state: BindingState) => void): () => void
  /** Releases everything, also what `attach` took. Idempotent. */
  destroy(): void
}

export function createBinding(options: BindingOptions): Binding {
  const { doc, awareness, clock } = options
  const schema = options.schema ?? quireSchema
  const fragment = options.fragment ?? contentOf(doc)
  const listeners = new Set<(state: BindingState) => void>()
  let state: BindingState = stateFor(unknownIn(fragment, schema))
  const lateText = createLateText(doc, {
    root: fragment,
    schema,
    clock: clock ?? systemClock,
    onRelocated: (relocation) => followMoves(history.manager, relocation, lateText.moves.index),
  })
  const history = createHistory(fragment, lateText.moves, schema, options.captureMs)
  const initial =
    state.kind === 'ready'
      ? readShared(fragment, schema)
      : { doc: lockedContent(fragment, schema), mapping: new Map() }
  const mapping = PinnedMapping.from(initial.mapping)
  const composition = createComposition(clock ?? systemClock)
  let attached: { readonly view: EditorView; readonly detach: () => void } | null = null
  if (awareness && options.user) awareness.setLocalStateField('user', { ...options.user })

  /** Read-only from here on; shows the document as far as it is known. */
  const lock = (unknown: readonly string[], view: EditorView): void => {
    state = { kind: 'locked', unknown }
    const binding = yBindingOf(view.state)
    if (binding) cutOff(binding)
    lateText.destroy()
    for (const listener of [...listeners]) listener(state)
  }

  const gate = new Plugin({
    props: { editable: () => state.kind === 'ready' },
    // Only our own showing of the shared document gets through while it is locked.
    filterTransaction: (tr) =>
      state.kind === 'ready' || !tr.docChanged || syncMetaOf(tr)?.isChangeOrigin === true,
  })

  const connect = (view: EditorView, binding: YBinding): (() => void) => {
    const remote = receiveRemoteChanges(view, binding, {
      lateText,
      isHolding: () => composition.isHolding(),
    })
    const liveOf = (sign: Y.ID) => lateText.moves.index.liveOf(sign)
    const show = (node: Node, begun: Transaction) => remote.show(node, begun)
    const endComposition = composition.attach({ view, binding, mapping, liveOf, show })
    return () => {
      endComposition()
      remote.detach()
    }
  }

  const attach = (view: EditorView): (() => void) => {
    const binding = yBindingOf(view.state)
    const detachBinding = binding ? connect(view, binding) : () => undefined
    const showLocked = (): void => {
      const content = lockedContent(fragment, schema).content
      const tr = view.state.tr.replaceWith(0, view.state.doc.content.size, content)
      view.dispatch(tr.setMeta(syncKey, { isChangeOrigin: true }).setMeta('addToHistory', false))
    }
    const guard = (transaction: Y.Transaction): void => {
      if (state.kind === 'locked' || transaction.origin === syncKey) return
      const unknown = unknownInChange(transaction, fragment, schema)
      if (unknown.length > 0) lock(unknown, view)
    }
    const follow = (): void => {
      if (state.kind === 'locked' && !view.isDestroyed) showLocked()
    }
    doc.on('beforeObserverCalls', guard)
    doc.on('afterAllTransactions', follow)
    const detach = (): void => {
      doc.off('beforeObserverCalls', guard)
      doc.off('afterAllTransactions', follow)
      detachBinding()
      attached = null
    }
    attached = { view, detach }
    return detach
  }

  const step =
    (direction: 'undo' | 'redo'): Command =>
    (editorState, dispatch, view) => {
      if (state.kind !== 'ready') return false
      // The caret is put into the text as it is, so that has to be shown.
      if (dispatch) composition.release()
      return history[direction](editorState, dispatch, view ?? attached?.view)
    }

  return {
    initialDoc: initial.doc,
    plugins: [
      gate,
      tableGatePlugin(),
      history.early,
      localChangesPlugin(lateText, composition),
      ...(state.kind === 'ready' ? [syncPlugin(fragment, mapping)] : []),
      composition.plugin,
      history.late,
      draggedContentPlugin(),
      ...(awareness ? [caretPresencePlugin(awareness), caretOverlayPlugin(awareness, clock)] : []),
    ],
    get state() {
      return state
    },
    attach,
    undo: step('undo'),
    redo: step('redo'),
    canUndo: () => state.kind === 'ready' && history.manager.canUndo(),
    canRedo: () => state.kind === 'ready' && history.manager.canRedo(),
    stopCapturing: () => history.manager.stopCapturing(),
    on(_event, listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    destroy() {
      attached?.detach()
      history.destroy()
      lateText.destroy()
      listeners.clear()
    },
  }
}

function stateFor(unknown: readonly string[]): BindingState {
  return unknown.length === 0 ? { kind: 'ready' } : { kind: 'locked', unknown }
}
