/**
 * Carets as places that survive edits by others, and back. Cheaper than y-prosemirror's own way, which
 * counts through the whole document, and right in a line that is held (`held-line.ts`), where view and
 * shared document differ.
 */
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { indexOfBlock, startOfBlock } from './block-places.ts'
import { heldLineOf } from './held-line.ts'
import { PinnedMapping } from './pinned-mapping.ts'
import { createFinder, textAt, textsOf } from './shared-places.ts'
import { isGone, topOf } from './signs.ts'
import { type SharedType, toAbsolute, toRelative, type YBinding } from './y-prosemirror.ts'

/**
 * A place that survives edits by others, as {@link toRelative} gives it, without looking into the blocks
 * in front of it. With `keepsLeft` it stays behind the sign on its left, so text that arrives exactly
 * there does not push it; otherwise it stays before the sign on its right.
 */
export function relativeIn(
  binding: YBinding,
  doc: Node,
  pos: number,
  keepsLeft = false,
): Y.RelativePosition | null {
  const $pos = doc.resolve(pos)
  const held = heldLineOf(binding)
  if (held?.node === $pos.parent) return held.relativeAt($pos.parentOffset, keepsLeft)
  const element = $pos.parent.isTextblock ? createFinder(binding).around($pos)?.at(-1) : undefined
  const texts = element && textsOf(binding, element, $pos.parent)
  const found = texts && textAt(texts, $pos.parentOffset)
  if (!found) return toRelative(pos, binding)
  const assoc = keepsLeft ? -1 : 0
  return Y.createRelativePositionFromTypeIndex(found.text, $pos.parentOffset - found.start, assoc)
}

/** Where a place that survived edits is in the view's document; null when it is gone. */
export function absoluteIn(binding: YBinding, position: Y.RelativePosition): number | null {
  const found = Y.createAbsolutePositionFromRelativePosition(position, binding.doc)
  if (!found || isGone(found.type as SharedType)) return null
  // In what is locked there are no places.
  if (isInLocked(binding, found.type)) return null
  const held = heldLineOf(binding)
  const offset = held?.offsetOf(position)
  if (!held || offset === undefined) return placeOf(binding, position, found.type as SharedType)
  const start = Y.createRelativePositionFromTypeIndex(held.element, 0, 0)
  const place = placeOf(binding, start, held.element)
  return place === null ? null : place + offset
}

/** The blocks in front of it are told by the document in the mapping, which is much quicker than one by one. */
function placeOf(binding: YBinding, position: Y.RelativePosition, type: SharedType): number | null {
  const { mapping, type: root } = binding
  const block = topOf(type, root)
  const doc = mapping.get(root)
  const node = block && mapping.get(block)
  if (!(block instanceof Y.XmlElement) || !doc || Array.isArray(doc) || !node) {
    return toAbsolute(position, binding)
  }
  const index = Array.isArray(node) ? undefined : indexOfBlock(doc, node)
  if (index === undefined) return toAbsolute(position, binding)
  const inside = toAbsolute(position, binding, block)
  return inside === null ? null : startOfBlock(doc, index) + 1 + inside
}

function isInLocked({ mapping }: YBinding, type: unknown): boolean {
  return mapping instanceof PinnedMapping && mapping.isInLocked(type)
}
