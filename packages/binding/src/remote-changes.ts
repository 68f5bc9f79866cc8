/**
 * How changes from elsewhere reach the view. Where a change can be told block by block it is shown at
 * the cost of these blocks (`changed-blocks.ts`). Else the sync plugin reads the document and dispatches
 * to a stand-in for the view, which turns its whole-document replacement into the smallest change. Either
 * way the selection is carried over and nothing scrolls. Embedders keep their own `dispatchTransaction`.
 *
 * 1. A remote change moves nothing that it does not touch: decorations, drags, selections.
 * 2. A caret stays with the text it stood in. Text that arrives exactly at the caret does not push it.
 * 3. A selection whose place is gone moves to the nearest text; it never throws.
 * 4. A caret that the browser has just moved counts as moved.
 * 5. Remote changes never scroll. Undo scrolls by its own command (`undo.ts`).
 */
import type { Node } from 'prosemirror-model'
import { AllSelection, NodeSelection, Selection, TextSelection } from 'prosemirror-state'
import type { Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import * as Y from 'yjs'
import { indexed } from './block-list.ts'
import { type BlockSplice, changedBlocks } from './changed-blocks.ts'
import type { LateText } from './late-text.ts'
import { spares } from './locked-parts.ts'
import { minimalReplace, minimalSplice } from './minimal-replace.ts'
import { absoluteIn, relativeIn } from './caret-places.ts'
import { isRagged } from './table-shape.ts'
import {
  cutOff,
  type SharedEvents,
  showsSnapshot,
  syncKey,
  syncMetaOf,
  type SyncMeta,
  type YBinding,
} from './y-prosemirror.ts'

/** Both null when the selection is not one of text. */
interface KeptCaret {
  readonly anchor: Y.RelativePosition | null
  readonly head: Y.RelativePosition | null
}

export interface RemoteChanges {
  /** Call it after each shared transaction, before anybody who writes in answer. */
  receive(transaction: Y.Transaction): void
  /** Shows a document that is not what the view shows, as a change from elsewhere; part of it may have been done in `begun`. */
  show(doc: Node, begun?: Transaction): void
  /** Ends the exchange in both directions. */
  detach(): void
}

export interface Receiving {
  readonly lateText: LateText
  /** Whether the line with the caret is shown as it was: then the caret is where it was in it. */
  readonly isHolding: () => boolean
}

const nowhere: KeptCaret = { anchor: null, head: null }

/** Puts the stand-in between the sync plugin and `view`. */
export function receiveRemoteChanges(
  view: EditorView,
  binding: YBinding,
  { lateText, isHolding }: Receiving,
): RemoteChanges {
  let kept: KeptCaret | null = null
  const show = (small: Transaction, meta: SyncMeta): void => {
    small.doc = indexed(small.doc)
    binding.mapping.set(binding.type, small.doc)
    if (kept) {
      const followed = {
        anchor: kept.anchor && lateText.followed(kept.anchor),
        head: kept.head && lateText.followed(kept.head),
      }
      carrySelection(small, view.state.selection, isHolding() ? nowhere : followed, binding)
    }
    view.dispatch(small.setMeta(syncKey, meta).setMeta('addToHistory', false))
  }
  const standIn = Object.create(view, {
    dispatch: {
      value: (tr: Transaction) => {
        const meta = syncMetaOf(tr)
        if (!meta?.isChangeOrigin || !tr.docChanged) return view.dispatch(tr)
        show(minimalReplace(view.state, tr.doc), meta)
      },
    },
  }) as EditorView

  // Before the first observer of a change from elsewhere: remember the caret while the mapping still
  // fits the view, and keep the sync plugin from restoring a selection itself, because it throws for a
  // selected node that is gone and knows no cell selections.
  const remember = (transaction: Y.Transaction): void => {
    if (kept || transaction.origin === syncKey) return
    readCaret(view)
    const { selection } = view.state
    const isText = selection instanceof TextSelection
    kept = {
      anchor: isText
        ? relativeIn(binding, view.state.doc, selection.anchor, selection.empty)
        : null,
      head: isText && !selection.empty ? relativeIn(binding, view.state.doc, selection.head) : null,
    }
  }
  const forget = (): void => {
    kept = null
  }
  const withhold = (transaction: Y.Transaction): void => {
    if (transaction.origin !== syncKey) binding.beforeTransactionSelection = null
  }

  /** Something has changed while the sync plugin was showing or writing, and has not been looked at. */
  let hasMissed = false
  const receive = (transaction: Y.Transaction): void => {
    const events = eventsIn(transaction, binding.type)
    if (events.length === 0) return
    let isFree = false
    let isShown = false
    binding.mux(() => {
      isFree = true
      if (hasMissed || binding.prosemirrorView === null || showsSnapshot(view.state)) return
      const splices = changedBlocks(binding, { events, transaction }, view.state.doc)
      if (!splices) return
      const isUndoRedoOperation = transaction.origin instanceof Y.UndoManager
      const small = minimalSplice(view.state, splices)
      noteShown(binding, small.doc, splices)
      show(small, { isChangeOrigin: true, isUndoRedoOperation })
      isShown = true
    })
    // What the user does here is put into the mapping by who writes it.
    if (!isFree) hasMissed ||= transaction.origin !== syncKey
    else if (!isShown) {
      hasMissed = false
      binding._typeChanged(events, transaction)
    }
  }

  const sit = (): void => {
    binding.prosemirrorView = standIn
    // For a deep observer Yjs counts, for every changed text, the blocks in front of it.
    binding.type.unobserveDeep(binding._observeFunction)
    // It would look for the caret before every transaction, block by block, for a selection that is withheld.
    binding.doc.off('beforeAllTransactions', binding.beforeAllTransactions)
  }
  // It would take its observer away a second time.
  binding.destroy = () => {
    binding.prosemirrorView = null
    binding.doc.off('beforeAllTransactions', binding.beforeAllTransactions)
    binding.doc.off('afterAllTransactions', binding.afterAllTransactions)
  }
  // A view whose plugins are exchanged makes the sync plugin begin anew, with the view itself.
  const begin = binding.initView.bind(binding)
  binding.initView = (next) => {
    begin(next)
    if (next === view) sit()
  }
  sit()
  // It would measure the caret at every remote change, which costs a layout, to decide whether to scroll.
  binding._isLocalCursorInView = () => false
  // It would compare the whole document at every update of the view, also when only the caret moved.
  const write = binding._prosemirrorChanged.bind(binding)
  binding._prosemirrorChanged = (doc) => {
    const shown = binding.mapping.get(binding.type)
    if (shown === doc) return
    // A comparison of the whole would write over what is locked or held.
    const mayCompare = shown === undefined || (!Array.isArray(shown) && spares(shown, doc))
    if (mayCompare && !isHolding()) write(doc)
  }
  binding.doc.on('beforeTransaction', remember)
  binding.doc.on('afterAllTransactions', forget)
  binding.doc.on('beforeObserverCalls', withhold)
  return {
    receive,
    show: (doc, begun) => show(minimalReplace(view.state, doc, begun), { isChangeOrigin: true }),
    detach() {
      binding.doc.off('beforeTransaction', remember)
      binding.doc.off('afterAllTransactions', forget)
      binding.doc.off('beforeObserverCalls', withhold)
      cutOff(binding)
    },
  }
}

/** What the sync plugin's own observer would be told, in no order. */
function eventsIn({ changedParentTypes }: Y.Transaction, root: Y.XmlFragment): SharedEvents {
  if (root._item?.deleted) return []
  const events = (changedParentTypes as ReadonlyMap<unknown, SharedEvents>).get(root) ?? []
  return events.filter(({ target }) => !target._item?.deleted)
}

/** From here on the mapping has the very nodes that the document has. */
function noteShown({ mapping }: YBinding, doc: Node, splices: readonly BlockSplice[]): void {
  let shift = 0
  for (const { index, count, blocks } of splices) {
    blocks.forEach((block, i) => mapping.set(block, doc.child(index + shift + i)))
    shift += blocks.length - count
  }
}

function carrySelection(
  tr: Transaction,
  selection: Selection,
  kept: KeptCaret,
  binding: YBinding,
): void {
  if (selection instanceof AllSelection) {
    tr.setSelection(new AllSelection(tr.doc))
  } else if (selection instanceof TextSelection) {
    const anchor = carryPosition(tr, selection.anchor, kept.anchor, binding, selection)
    const head = selection.empty
      ? anchor
      : carryPosition(tr, selection.head, kept.head, binding, selection)
    tr.setSelection(TextSelection.between(tr.doc.resolve(anchor), tr.doc.resolve(head)))
  } else if (selection instanceof NodeSelection) {
    const { deleted, pos } = tr.mapping.mapResult(selection.from, 1)
    const node = deleted ? null : tr.doc.nodeAt(pos)
    tr.setSelection(
      node && NodeSelection.isSelectable(node) && !isRagged(node)
        ? NodeSelection.create(tr.doc, pos)
        : Selection.near(tr.doc.resolve(pos)),
    )
  }
  // Any other kind (cells, gap cursor) is mapped by the transaction; in a table that has become ragged it may not find its cells.
  else if (!canMap(tr)) tr.setSelection(Selection.near(tr.doc.resolve(nearest(tr, selection))))
}

function canMap(tr: Transaction): boolean {
  try {
    return tr.selection.$from.doc === tr.doc
  } catch {
    return false // the selection's own mapping gave up; its place is looked for by position
  }
}

function nearest(tr: Transaction, { from }: Selection): number {
  return Math.min(tr.mapping.map(from), tr.doc.content.size)
}

/** Where an end of a text selection is after the change. */
function carryPosition(
  tr: Transaction,
  pos: number,
  relative: Y.RelativePosition | null,
  binding: YBinding,
  selection: TextSelection,
): number {
  const limit = (at: number) => Math.max(0, Math.min(at, tr.doc.content.size))
  const before = limit(tr.mapping.map(pos, -1))
  const after = limit(tr.mapping.map(pos, 1))
  const exact = relative && absoluteIn(binding, relative)
  // The start of a selection may move with text that arrives there; its end and a caret may not grow.
  const mayMove = !selection.empty && pos === selection.from
  if (exact === null || exact === undefined) return mayMove ? after : before
  if (exact === after && before !== after && !mayMove) return before
  return limit(exact)
}

/** What prosemirror-view does not promise: reading the browser's own selection into the state now. */
interface Watcher {
  readonly domObserver?: { pendingRecords(): readonly unknown[]; flush(): void }
}

/**
 * The browser moves a caret first and says so later. A remote change that comes in between would put
 * the caret back to where it was. Only the selection is read: text that waits to be read would become
 * part of the remote transaction.
 */
function readCaret(view: EditorView): void {
  const { domObserver } = view as unknown as Watcher
  if (view.composing || !domObserver || domObserver.pendingRecords().length > 0) return
  domObserver.flush()
}
