/**
 * Everything we use of y-prosemirror 1.3.7, with the types that its inside really has. The package is
 * used unmodified; this is the only file that imports it, so a successor is one file's work.
 */
import type { Node, Slice } from 'prosemirror-model'
import type { EditorState, Plugin, PluginKey } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import * as origin from 'y-prosemirror'
import * as Y from 'yjs'
import { indexed } from './block-list.ts'

/** Which ProseMirror node, or run of text nodes, shows which shared type. Identity of nodes is what makes an update cheap. */
export type Mapping = Map<SharedType, Node | Node[]>
export type SharedType = Y.XmlFragment | Y.XmlText

export interface RelativeSelection {
  readonly type: string
  readonly anchor: Y.RelativePosition | null
  readonly head: Y.RelativePosition | null
}

/** The sync plugin's own object. Only the members that we touch, each with its reason where it is touched. */
export interface YBinding {
  readonly doc: Y.Doc
  readonly type: Y.XmlFragment
  readonly mapping: Mapping
  readonly mux: (task: () => void) => void
  prosemirrorView: EditorView | null
  beforeTransactionSelection: RelativeSelection | null
  readonly beforeAllTransactions: () => void
  readonly afterAllTransactions: () => void
  initView: (view: EditorView) => void
  _isLocalCursorInView: () => boolean
  _prosemirrorChanged: (doc: Node) => void
  destroy: () => void
  /** Observes the fragment deeply from `initView` on. */
  readonly _observeFunction: (events: SharedEvents, transaction: Y.Transaction) => void
  /** The same. */
  readonly _typeChanged: (events: SharedEvents, transaction: Y.Transaction) => void
}

export type SharedEvents = Y.YEvent<Y.AbstractType<unknown>>[]

/** What the sync plugin writes on the transactions by which it shows remote changes. */
export interface SyncMeta {
  readonly isChangeOrigin?: boolean
  readonly isUndoRedoOperation?: boolean
}

/** The origin of Y transactions that come from typing, and the key of the sync plugin. */
export const syncKey: PluginKey = origin.ySyncPluginKey
/** y-prosemirror and its users look for the undo manager under this key. */
export const undoKey: PluginKey = origin.yUndoPluginKey

export function syncPlugin(type: Y.XmlFragment, mapping: Mapping): Plugin {
  return origin.ySyncPlugin(type, { mapping: mapping as never }) as Plugin
}

/** The sync plugin's object in a state; undefined when the state is not bound. */
export function yBindingOf(state: EditorState): YBinding | undefined {
  return (syncKey.getState(state) as { binding?: YBinding } | undefined)?.binding
}

/** Set on transactions that show a change from elsewhere, or an undo; undefined for what the user does here. */
export function syncMetaOf(tr: { getMeta(key: PluginKey): unknown }): SyncMeta | undefined {
  return tr.getMeta(syncKey) as SyncMeta | undefined
}

/** Whether a transaction shows what somebody else did; undo is one's own. */
export function isFromElsewhere(tr: { getMeta(key: PluginKey): unknown }): boolean {
  const meta = syncMetaOf(tr)
  return meta?.isChangeOrigin === true && meta.isUndoRedoOperation !== true
}

/** What is asked of a fragment when it is compared with a node and made equal to it. */
export interface Comparable {
  toArray(): unknown[]
  get(index: number): unknown
  slice(from: number, to: number): unknown[]
  insert(index: number, content: (Y.XmlElement | Y.XmlText)[]): void
  delete(index: number, length: number): void
}

/** Makes a shared fragment, or a part of one, hold what `node` holds, by a difference of the two. Call it inside `binding.mux`. */
export function writeToShared(binding: YBinding, fragment: Comparable, node: Node): void {
  origin.updateYFragment(binding.doc, fragment as Y.XmlFragment, node, binding as never)
}

/** The nodes of an element and of what is around it are made anew, the next time that anything is shown. */
export function forget(binding: YBinding, element: Y.XmlElement): void {
  for (let at: unknown = element; at instanceof Y.XmlFragment; at = at._item?.parent) {
    binding.mapping.delete(at)
  }
}

/**
 * The nodes that show `blocks` after a change, in their order, made and put into the mapping by the sync
 * plugin as if they were all that the document holds. A block of which it can make no node it deletes, as
 * always, and there is none in the answer. Call it inside of `binding.mux`.
 */
export function readBlocks(
  binding: YBinding,
  blocks: readonly Y.XmlElement[],
  { events, transaction }: { events: SharedEvents; transaction: Y.Transaction },
): readonly Node[] {
  let nodes: readonly Node[] = []
  const view = binding.prosemirrorView as EditorView
  const tr = {
    setMeta: () => tr,
    replace(_from: number, _to: number, { content }: Slice) {
      nodes = content.content
      return tr
    },
  }
  const reader = Object.create(binding, {
    type: { value: { toArray: () => blocks } },
    // The caller's own.
    mux: { value: (task: () => void) => task() },
    prosemirrorView: {
      value: { state: Object.create(view.state, { tr: { value: tr } }), dispatch: () => undefined },
    },
  }) as YBinding
  reader._typeChanged(events, transaction)
  return nodes
}

/** Whether the view shows a stored state instead of the shared document. */
export function showsSnapshot(state: EditorState): boolean {
  const sync = syncKey.getState(state) as { snapshot?: unknown; prevSnapshot?: unknown } | undefined
  return (sync?.snapshot ?? sync?.prevSnapshot ?? null) !== null
}

/**
 * The document that the shared fragment holds now, made of the nodes of the mapping where it has them.
 * Undefined inside of `binding.mux`. Nothing is shown.
 */
export function readAgain(binding: YBinding): Node | undefined {
  const view = binding.prosemirrorView
  let doc: Node | undefined
  const listener = Object.create(view, {
    dispatch: {
      value: (tr: { readonly doc: Node }) => {
        doc = tr.doc
      },
    },
  }) as EditorView
  binding.prosemirrorView = listener
  try {
    // As if something had changed: the sync plugin has no other door to its own reading.
    const nothing = {
      deleteSet: Y.createDeleteSet(),
      changed: new Map(),
      changedParentTypes: new Map(),
    }
    const events = [{}] as unknown as SharedEvents
    binding._typeChanged(events, nothing as unknown as Y.Transaction)
  } finally {
    binding.prosemirrorView = view
  }
  return doc
}

/** From here on the sync plugin neither shows nor writes anything. It cannot be taken out of a state, so its doors are shut. */
export function cutOff(binding: YBinding): void {
  // Without a view it takes itself for destroyed.
  binding.prosemirrorView = null
  binding.doc.off('beforeAllTransactions', binding.beforeAllTransactions)
  binding.doc.off('afterAllTransactions', binding.afterAllTransactions)
  binding._prosemirrorChanged = () => undefined
  binding.initView = () => undefined
}

/** The document that a fragment holds and the mapping for `syncPlugin`. An empty fragment gives a document with one empty block, which is not written. */
export function readShared(
  type: Y.XmlFragment,
  schema: Node['type']['schema'],
): { readonly doc: Node; readonly mapping: Mapping } {
  const { doc, mapping } = origin.initProseMirrorDoc(type, schema)
  const isEmpty = doc.childCount === 0
  return {
    doc: indexed(isEmpty ? (schema.topNodeType.createAndFill() as Node) : doc),
    mapping: mapping as Mapping,
  }
}

/** A place in the text that survives edits by others. Costs the number of blocks before it. */
export function toRelative(pos: number, binding: YBinding): Y.RelativePosition | null {
  return origin.absolutePositionToRelativePosition(
    pos,
    binding.type,
    binding.mapping as never,
  ) as Y.RelativePosition | null
}

/** Where a relative position is now, counted from the start of the content of `within`; null when its place is gone, or is not in there. Costs the number of children before it on each level. */
export function toAbsolute(
  position: Y.RelativePosition,
  binding: YBinding,
  within: Y.XmlFragment = binding.type,
): number | null {
  return origin.relativePositionToAbsolutePosition(
    binding.doc,
    within,
    position,
    binding.mapping as never,
  )
}
