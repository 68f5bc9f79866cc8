/**
 * The binding: one ProseMirror view and one shared document kept equal, so that no colleague's edit
 * breaks what somebody is doing. y-prosemirror does the work; each file beside this one mends one
 * thing of it, and its header says which.
 */
import { type Clock, systemClock, unreachable } from '@quire/base'
import { contentOf, documentFormat, metaOf, schema as quireSchema } from '@quire/document'
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
import { type Judged, LockedParts } from './locked-parts.ts'
import { PinnedMapping } from './pinned-mapping.ts'
import { receiveRemoteChanges } from './remote-changes.ts'
import { tableGatePlugin } from './table-gate.ts'
import { createHistory } from './undo.ts'
import { followMoves } from './undo-moves.ts'
import { updateInPlacePlugin } from './update-in-place.ts'
import {
  cutOff,
  readAgain,
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

/** What of the document is locked, because the schema does not know it. It is named in `unknown`. */
export type BindingState =
  | { readonly kind: 'ready' }
  /** Some blocks are. They are shown by placeholders and never written; everything else can be edited. */
  | { readonly kind: 'partly-locked'; readonly unknown: readonly string[] }
  /** All of it: it cannot be said what would be safe. The view is read-only and nothing is written. */
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
  /** An edit made here was not done, because it would have changed or removed what is locked. */
  on(event: 'refused', listener: () => void): () => void
  /** Releases everything, also what `attach` took. Idempotent. */
  destroy(): void
}

export function createBinding(options: BindingOptions): Binding {
  const { doc, awareness, clock } = options
  const schema = options.schema ?? quireSchema
  const fragment = options.fragment ?? contentOf(doc)
  const listeners = new Set<(state: BindingState) => void>()
  const refusalListeners = new Set<() => void>()
  const mapping = new PinnedMapping()
  const parts = new LockedParts(fragment, schema, mapping)
  /** Only Quire's own documents say their format. */
  const newerFormat = (): readonly string[] =>
    options.fragment === undefined ? newerFormatOf(doc) : []
  let state: BindingState = stateFor(parts.judgeAll(), newerFormat())
  /** Shows what has changed, before anybody below writes in answer. */
  let showChange: (transaction: Y.Transaction) => void = () => undefined
  const showFirst = (transaction: Y.Transaction): void => showChange(transaction)
  doc.on('afterTransaction', showFirst)
  const lateText = createLateText(doc, {
    root: fragment,
    schema,
    clock: clock ?? systemClock,
    onRelocated: (relocation) => followMoves(history.manager, relocation, lateText.moves.index),
  })
  const history = createHistory(fragment, {
    moves: lateText.moves,
    schema,
    captureMs: options.captureMs,
    isLocked: (type) => mapping.isInLocked(type),
  })
  const initialDoc = firstDoc(state)
  const composition = createComposition(clock ?? systemClock)
  let attached: { readonly view: EditorView; readonly detach: () => void } | null = null
  if (awareness && options.user) awareness.setLocalStateField('user', { ...options.user })

  function firstDoc({ kind }: BindingState): Node {
    switch (kind) {
      case 'ready': {
        const read = readShared(fragment, schema)
        for (const [type, node] of read.mapping) mapping.set(type, node)
        // A block that is shown in an empty document is not in it.
        if (fragment.length > 0) mapping.set(fragment, read.doc)
        return read.doc
      }
      case 'partly-locked':
        return parts.read()
      case 'locked':
        lateText.destroy()
        return lockedContent(fragment, schema)
      default:
        return unreachable(kind)
    }
  }

  const become = (next: BindingState): void => {
    if (JSON.stringify(state) === JSON.stringify(next)) return
    state = next
    for (const listener of [...listeners]) listener(state)
  }

  /** Read-only from here on; shows the document as far as it is known. */
  const lock = (unknown: readonly string[], view: EditorView): void => {
    const binding = yBindingOf(view.state)
    composition.stop()
    if (binding) cutOff(binding)
    lateText.destroy()
    become({ kind: 'locked', unknown })
  }

  const gate = new Plugin({
    props: { editable: () => state.kind !== 'locked' },
    filterTransaction: (tr) => {
      // What shows the shared document always gets through.
      if (!tr.docChanged || syncMetaOf(tr)?.isChangeOrigin === true) return true
      if (state.kind === 'ready') return true
      const isAllowed = state.kind === 'partly-locked' && parts.allows(tr)
      if (!isAllowed) for (const listener of [...refusalListeners]) listener()
      return isAllowed
    },
  })

  let showShared = (): void => undefined
  const connect = (view: EditorView, binding: YBinding): (() => void) => {
    const remote = receiveRemoteChanges(view, binding, {
      lateText,
      isHolding: () => composition.isHolding(),
    })
    const liveOf = (sign: Y.ID) => lateText.moves.index.liveOf(sign)
    const show = (node: Node, begun: Transaction) => remote.show(node, begun)
    showShared = () => {
      const node = readAgain(binding)
      if (node) remote.show(node)
    }
    showChange = (transaction) => remote.receive(transaction)
    const endComposition = composition.attach({ view, binding, mapping, liveOf, show })
    return () => {
      showChange = () => undefined
      endComposition()
      remote.detach()
    }
  }

  const attach = (view: EditorView): (() => void) => {
    const binding = yBindingOf(view.state)
    const showLocked = (): void => {
      const content = lockedContent(fragment, schema).content
      const tr = view.state.tr.replaceWith(0, view.state.doc.content.size, content)
      view.dispatch(tr.setMeta(syncKey, { isChangeOrigin: true }).setMeta('addToHistory', false))
    }
    const guard = (transaction: Y.Transaction): void => {
      if (state.kind === 'locked' || transaction.origin === syncKey) return
      const judged = parts.judge(transaction)
      const all = [...newerFormat(), ...(judged?.rest ?? [])]
      if (all.length > 0) return lock([...all, ...(judged?.unknown ?? [])], view)
      if (!judged) return
      // Steps that undo would take back, or bring again, may be in what is locked now.
      if (judged.hasTaken) history.manager.clear()
      become(stateFor(judged, []))
    }
    const follow = (): void => {
      if (state.kind === 'locked' && !view.isDestroyed) showLocked()
    }
    // The first to hear of a change: what it locks must not be shown, nor held, before.
    doc.on('beforeObserverCalls', guard)
    doc.on('afterAllTransactions', follow)
    const detachBinding = binding ? connect(view, binding) : () => undefined
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
      if (state.kind === 'locked') return false
      // The caret is put into the text as it is, so that has to be shown.
      if (dispatch) composition.release()
      return history[direction](editorState, dispatch, view ?? attached?.view)
    }

  return {
    initialDoc,
    plugins: [
      gate,
      tableGatePlugin(),
      history.early,
      localChangesPlugin({ lateText, composition, locked: parts, showShared: () => showShared() }),
      ...(state.kind === 'locked' ? [] : [syncPlugin(fragment, mapping)]),
      composition.plugin,
      history.late,
      draggedContentPlugin(),
      updateInPlacePlugin(),
      ...(awareness ? [caretPresencePlugin(awareness), caretOverlayPlugin(awareness, clock)] : []),
    ],
    get state() {
      return state
    },
    attach,
    undo: step('undo'),
    redo: step('redo'),
    canUndo: () => state.kind !== 'locked' && history.manager.canUndo(),
    canRedo: () => state.kind !== 'locked' && history.manager.canRedo(),
    stopCapturing: () => history.manager.stopCapturing(),
    on(event: 'state' | 'refused', listener: (state: BindingState) => void) {
      const all = event === 'state' ? listeners : refusalListeners
      all.add(listener as () => void)
      return () => all.delete(listener as () => void)
    },
    destroy() {
      attached?.detach()
      doc.off('afterTransaction', showFirst)
      history.destroy()
      lateText.destroy()
      listeners.clear()
      refusalListeners.clear()
    },
  }
}

function stateFor({ unknown, rest }: Judged, format: readonly string[]): BindingState {
  const all = [...format, ...rest]
  if (all.length > 0) return { kind: 'locked', unknown: [...all, ...unknown] }
  return unknown.length === 0 ? { kind: 'ready' } : { kind: 'partly-locked', unknown }
}

/** The format of a document that a newer version wrote, as a readable name. */
function newerFormatOf(doc: Y.Doc): readonly string[] {
  const format = metaOf(doc).get('format')
  const isKnown = format === undefined || (typeof format === 'number' && format <= documentFormat)
  return isKnown ? [] : [`format ${String(JSON.stringify(format)).slice(0, 40)}`]
}
