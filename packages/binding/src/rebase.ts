/**
 * Puts steps that were made here behind a change that they did not know: they are taken back, the change
 * is made, and they are made again where their places are now. The selection goes along.
 *
 * 1. Words of a step are never dropped: where its place is gone they go to the nearest one.
 */
import type { Transaction } from 'prosemirror-state'
import { Mapping, ReplaceStep, type Step } from 'prosemirror-transform'
import type { LocalStep } from './held-line.ts'

/** `tr` must be empty, on the document after `steps`; `change` is made on the one before them. Steps of the result from `from` on are the local ones. */
export function rebase(
  tr: Transaction,
  steps: readonly LocalStep[],
  change: Transaction,
): { readonly tr: Transaction; readonly from: number } {
  const { selection } = tr
  // Unlike the transaction's own, it knows which map is the reverse of which.
  const mapping = new Mapping()
  const take = (step: Step, reverseOf?: number): boolean => {
    if (tr.maybeStep(step).failed) return false
    mapping.appendMap(step.getMap(), reverseOf)
    return true
  }
  for (let i = steps.length - 1; i >= 0; i--) {
    const { step, before } = steps[i] as LocalStep
    take(step.invert(before))
  }
  for (const step of change.steps) take(step)
  // The same content, but the very objects that the mapping of shared types knows.
  tr.doc = change.doc
  const from = tr.steps.length
  steps.forEach(({ step }, i) => {
    const reverse = steps.length - 1 - i
    const ways = mapping.slice(reverse + 1)
    const moved = step.map(ways) ?? beside(step, ways)
    if (moved) take(moved, reverse)
  })
  tr.setSelection(selection.map(tr.doc, mapping))
  return { tr, from }
}

function beside(step: Step, mapping: Mapping): Step | null {
  if (!(step instanceof ReplaceStep) || step.slice.size === 0) return null
  const from = mapping.map(step.from, 1)
  return new ReplaceStep(from, Math.max(from, mapping.map(step.to, -1)), step.slice)
}
