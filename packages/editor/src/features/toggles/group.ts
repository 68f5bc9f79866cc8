/** Blocks that are moved, copied and deleted together: a toggle with what is in it, a picture with its caption. */
import { toggleEnd } from '@quire/document'
import type { Node } from 'prosemirror-model'
import { isNode } from '../../shape.ts'
import { isToggle } from './folding.ts'

/** The index behind the group that begins at `index` of `parent`. */
function groupEndIndex(parent: Node, index: number): number {
  const first = parent.child(index)
  if (isToggle(first)) return toggleEnd(parent, index)
  const next = index + 1 < parent.childCount ? parent.child(index + 1) : null
  const hasCaption = isNode(next, 'block') && next.attrs['kind'] === 'caption'
  return hasCaption && !isNode(first, 'block') ? index + 2 : index + 1
}

/** Where the group ends that begins with the block at `pos`. */
export function groupEnd(doc: Node, pos: number): number {
  const $pos = doc.resolve(pos)
  const { parent } = $pos
  const last = $pos.index() < parent.childCount ? groupEndIndex(parent, $pos.index()) : 0
  let end = pos
  for (let at = $pos.index(); at < last; at++) end += parent.child(at).nodeSize
  return end
}

/** Where the group begins that ends at `pos`, as one sees it who stands as far in as `indent`. */
export function groupStart(doc: Node, pos: number, indent: number): number {
  const $pos = doc.resolve(pos)
  const { parent } = $pos
  let found = pos
  let start = pos
  for (let at = $pos.index() - 1; at >= 0; at--) {
    const child = parent.child(at)
    start -= child.nodeSize
    if (groupEndIndex(parent, at) === $pos.index()) found = start
    const { kind, indent: depth } = child.attrs
    if (isNode(child, 'block') && kind !== 'caption' && Number(depth) <= indent) break
    // Without an indent of its own it reaches no further than its neighbour.
    if (!isNode(child, 'block') && found === start) break
  }
  return found
}
