/**
 * How changes from elsewhere reach the view. The sync plugin dispatches to a stand-in for the view,
 * which turns its whole-document replacement into the smallest change, carries the selection over,
 * and never scrolls. Embedders keep their own `dispatchTransaction`.
 *
 * 1. A remote change moves nothing that it does not touch: decorations, drags, selections.
 * 2. A caret stays with the text it stood in. Text that arrives exactly at the caret does not push it.
 * 3. A selection whose place is gone moves to the nearest text; it never throws.
 * 4. Remote changes never scroll. Undo scrolls by its own command (`undo.ts`).
 */
import { AllSelection, NodeSelection, Selection, TextSelection } from 'prosemirror-state'
import type { Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import { minimalReplace } from './minimal-replace.ts'
import { syncKey, syncMetaOf, toAbsolute, toRelative, type YBinding } from './y-prosemirror.ts'

interface KeptCaret {
  readonly selection: Selection
  readonly anchor: Y.RelativePosition | null
  readonly head: Y.RelativePosition | null
}

/** Puts the stand-in between the sync plugin and `view`; the returned function takes it away. */
export function receiveRemoteChanges(view: EditorView, binding: YBinding): () => void {
  let kept: KeptCaret | null = null
  const standIn = Object.create(view, {
    dispatch: {
      value: (tr: Transaction) => {
        const meta = syncMetaOf(tr)
        if (!meta?.isChangeOrigin || !tr.docChanged) return view.dispatch(tr)
        const small = minimalReplace(view.state, tr.doc)
        if (kept) carrySelection(small, kept, binding)
        view.dispatch(small.setMeta(syncKey, meta).setMeta('addToHistory', false))
      },
    },
  }) as EditorView

  // Before the first observer of a change from elsewhere: remember the caret while the mapping still
  // fits the view, and keep the sync plugin from restoring a selection itself, because it throws for a
  // selected node that is gone and knows no cell selections.
  const remember = (transaction: Y.Transaction): void => {
    if (kept || transaction.origin === syncKey) return
    const { selection } = view.state
    const isText = selection instanceof TextSelection
    kept = {
      selection,
      anchor: isText ? toRelative(selection.anchor, binding) : null,
      head: isText && !selection.empty ? toRelative(selection.head, binding) : null,
    }
  }
  const forget = (): void => {
    kept = null
  }
  const withhold = (transaction: Y.Transaction): void => {
    if (transaction.origin !== syncKey) binding.beforeTransactionSelection = null
  }

  binding.prosemirrorView = standIn
  // It would measure the caret at every remote change, which costs a layout, to decide whether to scroll.
  binding._isLocalCursorInView = () => false
  binding.doc.on('beforeTransaction', remember)
  binding.doc.on('afterAllTransactions', forget)
  binding.doc.on('beforeObserverCalls', withhold)
  return () => {
    binding.doc.off('beforeTransaction', remember)
    binding.doc.off('afterAllTransactions', forget)
    binding.doc.off('beforeObserverCalls', withhold)
    if (binding.prosemirrorView === standIn) binding.prosemirrorView = null
  }
}

function carrySelection(tr: Transaction, kept: KeptCaret, binding: YBinding): void {
  const { selection } = kept
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
      node && NodeSelection.isSelectable(node)
        ? NodeSelection.create(tr.doc, pos)
        : Selection.near(tr.doc.resolve(pos)),
    )
  }
  // Any other kind (cells, gap cursor) has been mapped by the transaction itself.
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
  const exact = relative && toAbsolute(relative, binding)
  // The start of a selection may move with text that arrives there; its end and a caret may not grow.
  const mayMove = !selection.empty && pos === selection.from
  if (exact === null || exact === undefined) return mayMove ? after : before
  if (exact === after && before !== after && !mayMove) return before
  return limit(exact)
}
