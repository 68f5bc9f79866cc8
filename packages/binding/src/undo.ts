/**
 * Undo and redo of what this user did, over Yjs's UndoManager.
 *
 * 1. Only edits made here are undone. A block that a colleague has written in stays when its making is
 *    undone, without our own text.
 * 2. Undo puts the caret where it was before the edit, redo where it was after, and scrolls there.
 * 3. Edits within `captureMs` are one step, but a change of structure begins a step of its own.
 */
import type { Node, Schema } from 'prosemirror-model'
import { type Command, Plugin, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import * as Y from 'yjs'
import { localEditOf } from './local-changes.ts'
import type { Moves } from './relocation.ts'
import { absoluteIn, relativeIn } from './caret-places.ts'
import { undoStep } from './undo-moves.ts'
import { syncKey, undoKey, yBindingOf, type YBinding } from './y-prosemirror.ts'

interface Caret {
  readonly anchor: Y.RelativePosition | null
  readonly head: Y.RelativePosition | null
}

const beforeEdit = 'quire caret before'
const afterEdit = 'quire caret after'

export interface History {
  readonly manager: Y.UndoManager
  /** Two plugins: the first must stand before the sync plugin, the second after it. */
  readonly early: Plugin
  readonly late: Plugin
  readonly undo: Command
  readonly redo: Command
  destroy(): void
}

/** Typing that pauses for less than this is one step: a word or two, as people expect. */
const captureMsDefault = 500

export interface HistoryOptions {
  readonly moves: Moves
  readonly schema: Schema
  readonly captureMs?: number | undefined
  /** Whether a shared type is, or lies in, what may not be written. */
  readonly isLocked: (type: unknown) => boolean
}

export function createHistory(type: Y.XmlFragment, options: HistoryOptions): History {
  const { moves, schema, captureMs = captureMsDefault, isLocked } = options
  const manager = new Y.UndoManager(type, {
    captureTimeout: captureMs,
    trackedOrigins: new Set([syncKey]),
    captureTransaction: (tr) => tr.meta.get('addToHistory') !== false,
    deleteFilter: (item) => isOursToDelete(item) && !isLocked(item.parent),
  })
  let before: Caret | null = null

  const onAdded = ({ stackItem }: { stackItem: Y.UndoManager['undoStack'][number] }): void => {
    const popped = manager.currStackItem
    if (popped) {
      // The step back of a step: its carets are the other way round.
      stackItem.meta.set(beforeEdit, popped.meta.get(afterEdit))
      stackItem.meta.set(afterEdit, popped.meta.get(beforeEdit))
    } else {
      stackItem.meta.set(beforeEdit, before)
    }
  }
  manager.on('stack-item-added', onAdded)

  const early = new Plugin({
    view: () => ({
      update(view, previous) {
        const { steps } = localEditOf(view.state)
        if (steps.length === 0 || localEditOf(previous).steps === steps) return
        const binding = yBindingOf(view.state)
        if (!binding) return
        const { anchor, head } = previous.selection
        before = caretAt(previous.doc, anchor, head, binding)
        const isStructural =
          steps.length > 1 || view.state.doc.childCount !== previous.doc.childCount
        if (isStructural) manager.stopCapturing()
      },
    }),
  })

  const late = new Plugin({
    key: undoKey,

    state: {
      init: () => stepsOf(manager),
      apply: (_tr, value: UndoState) => {
        const now = stepsOf(manager)
        const isSame = now.hasUndoOps === value.hasUndoOps && now.hasRedoOps === value.hasRedoOps
        return isSame ? value : now
      },
    },
    view: () => ({
      update(view, previous) {
        const { steps } = localEditOf(view.state)
        if (steps.length === 0 || localEditOf(previous).steps === steps) return
        const binding = yBindingOf(view.state)
        const { anchor, head } = view.state.selection
        const caret = binding && caretAt(view.state.doc, anchor, head, binding)
        manager.undoStack.at(-1)?.meta.set(afterEdit, caret)
      },
    }),
  })

  const step =
    (direction: 'undo' | 'redo'): Command =>
    (_state, dispatch, view) => {
      const can = direction === 'undo' ? manager.canUndo() : manager.canRedo()
      if (!dispatch || !can) return can
      const item = undoStep(manager, direction, moves, schema)
      if (item && view) putCaret(view, item.meta.get(beforeEdit) as Caret | null | undefined)
      return item !== null
    }

  return {
    manager,
    early,
    late,
    undo: step('undo'),
    redo: step('redo'),
    destroy() {
      manager.off('stack-item-added', onAdded)
      manager.destroy()
    },
  }
}

/** What users of y-prosemirror find under its key. */
interface UndoState {
  readonly undoManager: Y.UndoManager
  readonly hasUndoOps: boolean
  readonly hasRedoOps: boolean
}

function stepsOf(undoManager: Y.UndoManager): UndoState {
  const { undoStack, redoStack } = undoManager
  return { undoManager, hasUndoOps: undoStack.length > 0, hasRedoOps: redoStack.length > 0 }
}

/** Whether undoing may delete what an item made: not a text or an element that still holds something, because that is somebody else's. */
function isOursToDelete(item: Y.Item): boolean {
  if (!(item instanceof Y.Item) || !(item.content instanceof Y.ContentType)) return true
  const { type } = item.content
  return type._length === 0
}

function caretAt(doc: Node, anchor: number, head: number, binding: YBinding): Caret {
  const at = relativeIn(binding, doc, anchor)
  return { anchor: at, head: head === anchor ? at : relativeIn(binding, doc, head) }
}

function putCaret(view: EditorView, caret: Caret | null | undefined): void {
  const binding = yBindingOf(view.state)
  const anchor = binding && caret?.anchor ? absoluteIn(binding, caret.anchor) : null
  const head = binding && caret?.head ? absoluteIn(binding, caret.head) : null
  const tr = view.state.tr.setMeta('addToHistory', false)
  if (anchor !== null && head !== null) {
    const limit = (pos: number) => Math.min(pos, tr.doc.content.size)
    tr.setSelection(
      TextSelection.between(tr.doc.resolve(limit(anchor)), tr.doc.resolve(limit(head))),
    )
  }
  view.dispatch(tr.scrollIntoView())
}
