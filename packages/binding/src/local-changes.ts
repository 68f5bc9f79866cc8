/**
 * How what the user does here is written to the shared document.
 *
 * 1. A transaction of several steps is written step by step, in one shared transaction: a block that
 *    is moved is deleted and inserted, instead of being typed over block by block, so a colleague's
 *    text never lands in the wrong block.
 * 2. Text is written at the place where it was typed (`exact-steps.ts`).
 * 3. A new empty block gets its shared text at once: two people who begin to write in it write in one.
 * 4. What a plugin appends in answer to a remote change is not let through: every copy of the document
 *    would append it too, each as an edit of its own.
 * 5. In a line that is held back from a colleague (`composition.ts`), typing is written beside the signs
 *    it was typed beside. Anything else ends the hold first, and takes away nothing that was not to be seen.
 * 6. Marks on atoms in a line (a hard break) are taken off before they are written: the shared text
 *    cannot hold them, and copies would differ for good.
 */
import { Fragment, type Node, type Schema } from 'prosemirror-model'
import { type EditorState, Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import { AddMarkStep } from 'prosemirror-transform'
import * as Y from 'yjs'
import type { Composition } from './composition.ts'
import { writeExactly } from './exact-steps.ts'
import { type HeldLine, heldLineOf, type LocalStep } from './held-line.ts'
import type { LateText } from './late-text.ts'
import type { LockedParts } from './locked-parts.ts'
import { mendMarks } from './shared-marks.ts'
import { createFinder } from './shared-places.ts'
import { type Traces, tracesOf } from './text-traces.ts'
import { writeChanged } from './write-changed.ts'
import { syncKey, syncMetaOf, type YBinding, yBindingOf } from './y-prosemirror.ts'

/** What was done here since the view was last brought up to date. */
interface LocalEdit {
  /** Every step with the document it was made on. Empty: nothing was done here. */
  readonly steps: readonly LocalStep[]
  readonly addToHistory: boolean
  /** Marks were taken off atoms, so documents on the way still have them. */
  readonly hasMarkedAtoms: boolean
}

/** Steps of one transaction that are compared one by one, each at the cost of the whole document; a change of more is compared as a whole. */
const comparedStepsMax = 64
const cleaning = 'quire marks on atoms'
const key = new PluginKey<LocalEdit>('quire-local-changes')
const nothing: LocalEdit = { steps: [], addToHistory: true, hasMarkedAtoms: false }

/** What the user did in the update that led to `state`; without steps when it came from elsewhere. */
export function localEditOf(state: EditorState): LocalEdit {
  return key.getState(state) ?? nothing
}

export interface LocalChangesOptions {
  readonly lateText: LateText
  readonly composition: Composition
  readonly locked: LockedParts
  /** Shows what is shared, in the place of an edit that must not be written. */
  readonly showShared: () => void
}

/** Must stand before the sync plugin: plugins' views are updated in order. */
export function localChangesPlugin({
  lateText,
  composition,
  locked,
  showShared,
}: LocalChangesOptions): Plugin<LocalEdit> {
  return new Plugin<LocalEdit>({
    key,
    state: {
      init: () => nothing,
      apply(tr, edit) {
        const isAppended = tr.getMeta('appendedTransaction') !== undefined
        const before = isAppended ? edit : nothing
        if (!tr.docChanged || syncMetaOf(tr)) return before
        const steps = stepsOf(tr, 0)
        return {
          steps: [...before.steps, ...steps],
          addToHistory: before.addToHistory && tr.getMeta('addToHistory') !== false,
          hasMarkedAtoms: before.hasMarkedAtoms || tr.getMeta(cleaning) === true,
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
        const edit = localEditOf(view.state)
        if (edit.steps.length === 0 || localEditOf(before).steps === edit.steps) return
        const binding = yBindingOf(view.state)
        if (!binding) return
        const held = heldLineOf(binding)
        if (held?.canWrite(edit.steps)) {
          writeHeld(binding, held, edit, view.state.doc)
          return
        }
        const rebased = held ? composition.rebased(edit.steps) : null
        if (held && !rebased) return
        // A mark may now cover atoms that it was not set on.
        if (rebased) stripMarks(rebased.tr, 0, rebased.tr.doc.content.size)
        const { addToHistory } = edit
        const hasMarkedAtoms = edit.hasMarkedAtoms || rebased !== null
        const steps = rebased ? stepsOf(rebased.tr, rebased.from) : edit.steps
        const { doc } = rebased?.tr ?? view.state
        let isWritten = true
        let bringBack = (): void => undefined
        binding.mux(() => {
          binding.doc.transact((transaction) => {
            transaction.meta.set('addToHistory', addToHistory)
            const finder = createFinder(binding)
            const traces: Traces[] = []
            let comparedCount = 0
            /** The first of the steps that are written together with a later one. */
            let skipped: { readonly index: number; readonly before: Node } | null = null
            steps.forEach(({ step, before: made }, i) => {
              const after = steps[i + 1]?.before ?? doc
              const done = { transaction, step, before: made, after }
              if (!isWritten) return
              if (!skipped && writeExactly(binding, finder, done)) return
              comparedCount += 1
              // Several steps together can have a locked block between them, which one never has.
              const mayWait = locked.isEmpty && i < steps.length - 1
              if (comparedCount > comparedStepsMax && mayWait) {
                skipped ??= { index: i, before: made }
                return
              }
              // Nodes that were written are remembered as they were, so marked atoms must not be.
              const target = hasMarkedAtoms ? plainAtoms(after) : after
              if (!locked.sparesShared(target)) {
                isWritten = false
                return
              }
              const from = skipped ?? { index: i, before: made }
              traces.push(tracesOf(binding, from.index, from.before, target))
              writeChanged(binding, from.before, target)
              mendMarks(binding, from.before, target)
              finder.forget()
            })
            beginTexts(binding, transaction, doc.type.schema)
            const done = steps.map(({ step }) => step)
            lateText.remember(binding, transaction, traces, done, doc)
            if (rebased) bringBack = lateText.unseen(rebased.hidden)
          }, syncKey)
        })
        if (!isWritten) showShared()
        else if (rebased) view.dispatch(rebased.tr.setMeta(syncKey, { isChangeOrigin: true }))
        bringBack()
      },
    }),
  })
}

function stepsOf(tr: Transaction, from: number): LocalStep[] {
  return tr.steps.slice(from).map((step, i) => ({ step, before: tr.docs[from + i] as Node }))
}

function writeHeld(binding: YBinding, held: HeldLine, edit: LocalEdit, doc: Node): void {
  binding.mux(() => {
    binding.doc.transact((transaction) => {
      transaction.meta.set('addToHistory', edit.addToHistory)
      edit.steps.forEach((step, i) => {
        held.write(transaction, step, edit.steps[i + 1]?.before ?? doc)
      })
    }, syncKey)
  })
}

/** Every empty line of text that this transaction made gets a text. */
function beginTexts(binding: YBinding, transaction: Y.Transaction, schema: Schema): void {
  const { clientID, store } = binding.doc
  const structs = store.clients.get(clientID) ?? []
  const since = transaction.beforeState.get(clientID) ?? 0
  const empty: Y.XmlElement[] = []
  for (let i = structs.length - 1; i >= 0; i--) {
    const struct = structs[i]
    if (!struct || struct.id.clock + struct.length <= since) break
    if (!(struct instanceof Y.Item) || struct.deleted) continue
    if (!(struct.content instanceof Y.ContentType)) continue
    const { type } = struct.content
    if (!(type instanceof Y.XmlElement) || type.length > 0) continue
    if (schema.nodes[type.nodeName]?.isTextblock) empty.push(type)
  }
  for (const element of empty) {
    const text = new Y.XmlText()
    element.insert(0, [text])
    binding.mapping.set(text, [])
  }
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
  return tr.docChanged ? tr.setMeta(cleaning, true) : null
}

/** The same node where nothing in it has to change. */
function plainAtoms(node: Node): Node {
  if (node.isLeaf) return node.isText || node.marks.length === 0 ? node : node.mark([])
  const children = node.children.map(plainAtoms)
  const isSame = children.every((child, i) => child === node.child(i))
  return isSame ? node : node.copy(Fragment.fromArray(children))
}

function stripMarks(tr: Transaction, from: number, to: number): void {
  const size = tr.doc.content.size
  tr.doc.nodesBetween(Math.min(from, size), Math.min(to, size), (node, pos) => {
    if (node.isInline && !node.isText && node.marks.length > 0) {
      tr.removeMark(pos, pos + node.nodeSize)
    }
  })
}
