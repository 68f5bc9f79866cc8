/**
 * Where a top-level block stands in a document, and which blocks differ between two. A block is looked
 * for by identity in the plain list of blocks, which at 20,000 takes microseconds, where asking Yjs or
 * ProseMirror block by block takes a millisecond. Looks only.
 *
 * One node can stand in a document twice, after pasting: then it has no place here, and the caller takes
 * the slow way.
 */
import type { Node } from 'prosemirror-model'
import { BlockList } from './block-list.ts'

/** The index of a top-level block; undefined when the document does not have this very node, or has it more than once. */
export function indexOfBlock(doc: Node, block: Node): number | undefined {
  const { children } = doc
  const index = children.indexOf(block)
  return index >= 0 && children.indexOf(block, index + 1) < 0 ? index : undefined
}

/** The position before the top-level block at an index, or at the end of the document. */
export function startOfBlock({ children, content }: Node, index: number): number {
  if (content instanceof BlockList) return content.startOf(index)
  // From the end that is nearer.
  if (index > children.length / 2) {
    let pos = content.size
    for (let i = children.length - 1; i >= index; i--) pos -= (children[i] as Node).nodeSize
    return pos
  }
  let pos = 0
  for (let i = 0; i < index; i++) pos += (children[i] as Node).nodeSize
  return pos
}

/** In rising order, the indexes of all blocks that are other objects than before, when only a few can be; undefined when each has to be looked at. */
export function changedIndexes(before: Node, after: Node): readonly number[] | undefined {
  const [was, is] = [before.content, after.content]
  if (!(was instanceof BlockList) || !(is instanceof BlockList)) return undefined
  return is.changedSince(was)?.filter((index) => was.child(index) !== is.child(index))
}
