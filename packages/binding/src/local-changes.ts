/**
 * How what the user does here is written to the shared document.
 *
 * 1. A transaction of several steps is written step by step, in one shared transaction: a block that
 *    is moved is deleted and inserted, instead of being typed over block by block, so a colleague's
 *    text never lands in the wrong block.
 * 2. What a plugin appends in answer to a remote change is not let through: every copy of the document
 *    would append it too, each as an edit of its own.
 * 3. Marks on atoms in a line (a hard break) are taken off before they are written: the shared text
 *    cannot hold them, and copies would differ for good.
 */
import type { Node } from 'prosemirror-model'
import { type EditorState, Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import { AddMarkStep } from 'prosemirror-transform'
import { syncKey, syncMetaOf, writeToShared, yBindingOf } from './y-prosemirror.ts'

/** What was done here since the view was last brought up to date. */
interface LocalEdit {
  /** Every document on the way, the last one being the result. Empty: nothing was done here. */
  readonly docs: readonly Node[]
  readonly addToHistory: boolean
}

const key = new PluginKey<LocalEdit>('quire-local-changes')
const nothing: LocalEdit = { docs: [], addToHistory: true }

/** What the user did in the update that led to `state`; the list of documents is empty when it came from elsewhere. */
export function localEditOf(state: EditorState): LocalEdit {
  return key.getState(state) ?? nothing
}

/** Must stand before the sync plugin: plugins' views are updated in order. */
export function localChangesPlugin(): Plugin<LocalEdit> {
  return new Plugin<LocalEdit>({
    key,
    state: {
      init: () => nothing,
      apply(tr, edit) {
        const isAppended = tr.getMeta('appendedTransaction') !== undefined
        const before = isAppended ? edit : nothing
        if (!tr.docChanged || syncMetaOf(tr)) return before
        return {
          docs: [...before.docs, ...tr.docs.slice(1), tr.doc],
          addToHistory: before.addToHistory && tr.getMeta('addToHistory') !== false,
        }
      },
    },
    filterTransaction(tr) {
      const cause = tr.getMeta('appendedTransaction') as Transaction | undefined
      return !(tr.docChanged && cause && syncMetaOf(cause)?.isChangeOrigin)
    },
    appendTransaction(trs, _old, state) {
      if (!trs.some((tr) => tr.docChanged && !syncMetaOf(tr))) return null
      return withoutMarksOnAtoms(trs, state)
    },
    view: () => ({
      update(view, before) {
        if (view.state === before) return
        const { docs, addToHistory } = localEditOf(view.state)
        if (docs.length === 0 || localEditOf(before).docs === docs) return
        const binding = yBindingOf(view.state)
        // One step is left to the sync plugin, which writes the same. Not so when the result is what an
        // empty document looks like: as a first change the sync plugin would take it for no change.
        const isBlank =
          view.state.doc.childCount === 1 && view.state.doc.firstChild?.childCount === 0
        if (!binding || (docs.length === 1 && !isBlank)) return
        binding.mux(() => {
          binding.doc.transact((transaction) => {
            transaction.meta.set('addToHistory', addToHistory)
            for (const doc of docs) writeToShared(binding, doc)
          }, syncKey)
        })
      },
    }),
  })
}

/** Looks only at what the transactions changed. */
function withoutMarksOnAtoms(trs: readonly Transaction[], state: EditorState): Transaction | null {
  const tr = state.tr
  trs.forEach((done, i) => {
    const later = trs.slice(i + 1)
    const strip = (step: number, start: number, end: number): void => {
      const rest = [done.mapping.slice(step + 1), ...later.map((next) => next.mapping)]
      const from = rest.reduce((pos, mapping) => mapping.map(pos, -1), start)
      const to = rest.reduce((pos, mapping) => mapping.map(pos, 1), end)
      stripMarks(tr, from, to)
    }
    done.steps.forEach((step, at) => {
      // A mark step moves nothing, so its map is empty.
      if (step instanceof AddMarkStep) strip(at, step.from, step.to)
      else step.getMap().forEach((_from, _to, start, end) => strip(at, start, end))
    })
  })
  return tr.docChanged ? tr : null
}

function stripMarks(tr: Transaction, from: number, to: number): void {
  const size = tr.doc.content.size
  tr.doc.nodesBetween(Math.min(from, size), Math.min(to, size), (node, pos) => {
    if (node.isInline && !node.isText && node.marks.length > 0) {
      tr.removeMark(pos, pos + node.nodeSize)
    }
  })
}
