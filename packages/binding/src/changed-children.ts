import type { Node } from 'prosemirror-model'
import { changedIndexes } from './block-places.ts'

/** How many children at either end are the same object before and after. Costs the number of children, but for letters in a document of the binding. */
export function changedChildren(
  before: Node,
  after: Node,
): { readonly left: number; readonly right: number } {
  const least = Math.min(before.childCount, after.childCount)
  const changed = changedIndexes(before, after)
  if (changed) {
    const [first, last] = [changed[0], changed.at(-1)]
    if (first === undefined || last === undefined) return { left: least, right: 0 }
    return { left: first, right: least - 1 - last }
  }
  let left = 0
  while (left < least && before.child(left) === after.child(left)) left += 1
  let right = 0
  while (
    right < least - left &&
    before.child(before.childCount - 1 - right) === after.child(after.childCount - 1 - right)
  ) {
    right += 1
  }
  return { left, right }
}
