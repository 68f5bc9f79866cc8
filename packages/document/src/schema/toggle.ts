/** What belongs to a toggle: the blocks behind it that stand further in. */
import type { Node } from 'prosemirror-model'

/**
 * The index behind the last child of `parent` that belongs to the toggle at `index`. What has no indent of
 * its own (a picture, code, a table) belongs to it when a block that does follows.
 */
export function toggleEnd(parent: Node, index: number): number {
  const depth = Number(parent.child(index).attrs['indent'])
  let end = index + 1
  for (let at = end; at < parent.childCount; at++) {
    const { type, attrs } = parent.child(at)
    if (type.name !== 'block') continue
    if (Number(attrs['indent']) <= depth) break
    end = at + 1
  }
  return end
}
