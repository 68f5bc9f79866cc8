/**
 * Holds back what a colleague does to the line in which this user composes with an input method. The
 * browser composes in one text node, and a change of that node ends the composition: half a syllable
 * becomes text, or is typed twice. So the view goes on showing the line as it was, and nothing else waits.
 *
 *     idle ──compositionstart──► composing ──a colleague's edit in the line──► holding
 *       ▲                            │ ▲                                          │
 *       └──────composition over──────┘ └────time's up, or the line is let go──────┤
 *       ▲                                                                         │
 *       └──────────composition over: the line is shown as it is shared────────────┘
 *
 * 1. Only showing waits. The shared document has a colleague's edit at once, and what is composed is
 *    written to it at once (`held-line.ts`); so closing the view loses nothing.
 * 2. A hold ends when the composition does, when the editor loses the focus, after `heldMsMax` or
 *    `heldUpdatesMax`, and before anything but typing in the line is done here.
 * 3. A line that a colleague deletes, drags away or joins to another one is not held: it has no place.
 * 4. After a hold the view is what it would be had nothing been held.
 */
import type { Clock, Timer } from '@quire/base'
import type { Node } from 'prosemirror-model'
import { EditorState, Plugin, type Transaction } from 'prosemirror-state'
import type { ReplaceStep } from 'prosemirror-transform'
import type { EditorView } from 'prosemirror-view'
import * as Y from 'yjs'
import { changeComposedText, readTyped } from './composed-text.ts'
import { HeldLine, type Hidden, type LiveOf, type LocalStep } from './held-line.ts'
import { minimalReplace } from './minimal-replace.ts'
import type { PinnedMapping } from './pinned-mapping.ts'
import { rebase } from './rebase.ts'
import { createFinder } from './shared-places.ts'
import { unseenOrigin } from './unseen-words.ts'
import { readAgain, syncKey, type YBinding } from './y-prosemirror.ts'

/** How long a line lags behind at most. Long enough to choose among words in a list, short enough that nobody writes past a colleague for long. */
export const heldMsMax = 3_000
/** Edits in the line that are held together: a flood is shown, because the line would be strange afterwards. */
export const heldUpdatesMax = 1_000

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'composing'; readonly line: HeldLine | undefined }
  | {
      readonly kind: 'holding'
      readonly line: HeldLine
      readonly timer: Timer
      readonly updateCount: number
    }

export interface Attached {
  readonly view: EditorView
  readonly binding: YBinding
  readonly mapping: PinnedMapping
  readonly liveOf: LiveOf
  /** Shows `doc` in the view, as a change from elsewhere that has been begun in `begun`. */
  readonly show: (doc: Node, begun: Transaction) => void
}

export interface Composition {
  /** Must stand after the sync plugin and the one that writes local changes. */
  readonly plugin: Plugin
  attach(to: Attached): () => void
  isHolding(): boolean
  /** Ends a hold and shows the line as it is shared; without one it does nothing. */
  release(): void
  /** Ends a hold and shows nothing. */
  stop(): void
  /**
   * For steps made here that cannot be written beside a held line: ends the hold and answers with a
   * transaction after which the view shows everything shared with these steps done to it. Its last
   * steps, from `from` on, are those to be written; the caller writes them and then dispatches it.
   */
  rebased(steps: readonly LocalStep[]): Rebased | null
}

export interface Rebased {
  readonly tr: Transaction
  readonly from: number
  /** What the steps were made without seeing. */
  readonly hidden: Hidden
}

export function createComposition(clock: Clock): Composition {
  let attached: Attached | null = null
  let state: State = { kind: 'idle' }
  /** Without the focus nobody composes, also when the browser has not said that it is over. */
  let hasLeft = false

  const isComposing = (): boolean => attached?.view.composing === true && !hasLeft

  const lineHeld = (): HeldLine | undefined => (state.kind === 'holding' ? state.line : undefined)

  const stop = (): void => {
    if (state.kind === 'holding') {
      state.timer.cancel()
      state.line.letGo()
    }
    state = { kind: 'idle' }
  }

  const release = (): void => {
    if (state.kind !== 'holding' || !attached) return
    const { binding, mapping, show, view } = attached
    if (view.isDestroyed) return stop()
    // While the sync plugin shows something, nothing typed would be written.
    if (!isFree(binding)) return soon()
    readTyped(view)
    // Reading may have been the end of it.
    const line = lineHeld()
    if (!line) return
    // A shared transaction, so that the caret is remembered before and carried over.
    binding.doc.transact(() => {
      line.letGo()
      const doc = readAgain(binding)
      stop()
      if (!doc) return
      const steps = stepsIn(view.state.doc, line, mapping)
      if (isComposing()) changeComposedText(view, steps)
      show(doc, done(view.state.tr, steps))
    })
  }

  /** After the browser's event is over, and after the view has read the last of the composition, which it puts off as well. */
  const soon = (): void => {
    queueMicrotask(() => {
      queueMicrotask(() => {
        if (!isComposing()) release()
      })
    })
  }

  /** Before a change from elsewhere is made: the last moment at which view and shared line agree. */
  const look = (transaction: Y.Transaction): void => {
    if (!attached || state.kind === 'holding') return
    if (!isComposing() || !isFromOthers(transaction)) {
      state = { kind: 'idle' }
      return
    }
    const { view, binding, mapping, liveOf } = attached
    const { $from, $to } = view.state.selection
    const line = $from.sameParent($to)
      ? HeldLine.read(binding, mapping, createFinder(binding).around($from), $from, liveOf)
      : undefined
    state = { kind: 'composing', line }
  }

  /** The change has been made and nobody has been told. */
  const judge = (transaction: Y.Transaction): void => {
    if (state.kind === 'idle' || !isFromOthers(transaction)) return
    const { line } = state
    if (!line || !touches(transaction, line.element)) return
    if (line.isGone || attached?.mapping.isInLocked(line.element)) return stop()
    if (state.kind === 'composing') {
      line.hold()
      const timer = clock.after(heldMsMax, release)
      state = { kind: 'holding', line, timer, updateCount: 1 }
    } else {
      state = { ...state, updateCount: state.updateCount + 1 }
    }
  }

  const endFlood = (): void => {
    if (state.kind === 'holding' && state.updateCount > heldUpdatesMax) release()
  }

  const plugin = new Plugin({
    props: {
      handleDOMEvents: {
        compositionstart: () => {
          hasLeft = false
          return false
        },
        compositionupdate: () => {
          hasLeft = false
          return false
        },
        compositionend: () => {
          soon()
          return false
        },
        blur: () => {
          hasLeft = true
          soon()
          return false
        },
      },
    },
    view: () => ({
      update: () => {
        if (!isComposing()) release()
      },
    }),
  })

  return {
    plugin,
    attach(to) {
      attached = to
      const { doc } = to.binding
      doc.on('beforeTransaction', look)
      doc.on('beforeObserverCalls', judge)
      doc.on('afterAllTransactions', endFlood)
      return () => {
        doc.off('beforeTransaction', look)
        doc.off('beforeObserverCalls', judge)
        doc.off('afterAllTransactions', endFlood)
        stop()
        attached = null
      }
    },
    isHolding: () => state.kind === 'holding',
    release,
    stop,
    rebased(steps) {
      const first = steps[0]
      if (state.kind !== 'holding' || !attached || !first) return null
      const { binding, mapping, view } = attached
      const { line } = state
      const hidden = line.hidden()
      line.letGo()
      const shared = readAgain(binding)
      if (!shared) {
        // A plugin edits while a remote change is being shown: nothing is written at such a moment.
        line.hold()
        return null
      }
      stop()
      const made = EditorState.create({ doc: first.before })
      const change = minimalReplace(made, shared, done(made.tr, stepsIn(made.doc, line, mapping)))
      return { ...rebase(view.state.tr, steps, change), hidden }
    },
  }
}

/** Whether the sync plugin is neither showing nor writing at this moment. */
function isFree({ mux }: YBinding): boolean {
  let isFree = false
  mux(() => {
    isFree = true
  })
  return isFree
}

/** What happened to the words of the line, which `doc` has as it was. */
function stepsIn(doc: Node, line: HeldLine, mapping: PinnedMapping): ReplaceStep[] {
  const shared = mapping.get(line.element)
  let start = -1
  doc.descendants((node, pos) => {
    if (node === line.node) start = pos + 1
    return start < 0 && !node.isTextblock
  })
  return start < 0 || !shared || Array.isArray(shared) ? [] : line.stepsTo(shared, start)
}

function done(tr: Transaction, steps: readonly ReplaceStep[]): Transaction {
  for (const step of steps) tr.step(step)
  return tr
}

/** Undo is the user's own wish and does not wait. */
function isFromOthers({ origin }: Y.Transaction): boolean {
  return origin !== syncKey && origin !== unseenOrigin && !(origin instanceof Y.UndoManager)
}

function touches(transaction: Y.Transaction, element: Y.XmlElement): boolean {
  // What is deleted with its parents has not changed itself.
  if (element._item?.deleted) return true
  for (const type of transaction.changed.keys() as Iterable<unknown>) {
    for (let at: unknown = type; at instanceof Y.AbstractType; at = at._item?.parent) {
      if (at === element) return true
    }
  }
  return false
}
