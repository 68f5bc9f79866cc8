/** Which text blocks a selection touches. The one answer used by every command that works on blocks. */
import { type AttributesAt, setAttributesOfMany } from '@quire/binding'
import type { Node } from 'prosemirror-model'
import { NodeSelection, type Transaction } from 'prosemirror-state'
import { isNode } from './shape.ts'

/** A node and the position before it. */
export interface Placed {
  readonly node: Node
  readonly pos: number
}

/**
 * The text blocks (blocks and code blocks) in the selection, in document order. A last block that is
 * touched only at its start does not count: people who select whole lines end up there.
 */
export function selectedTextblocks(tr: Pick<Transaction, 'doc' | 'selection'>): Placed[] {
  const found: Placed[] = []
  const { selection } = tr
  for (const { $from, $to } of selection.ranges) {
    const before = found.length
    tr.doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (node.isTextblock) found.push({ node, pos })
      return !node.isTextblock
    })
    const last = found.at(-1)
    const isBarelyTouched =
      found.length - before > 1 &&
      last !== undefined &&
      $to.parent === last.node &&
      $to.parentOffset === 0 &&
      last.node.content.size > 0
    if (isBarelyTouched) found.pop()
  }
  return found
}

/** The selected blocks whose kind, indent and alignment are attributes (so no code blocks). */
export function selectedBlocks(tr: Pick<Transaction, 'doc' | 'selection'>): Placed[] {
  return selectedTextblocks(tr).filter(({ node }) => isNode(node, 'block'))
}

/** The text block that holds the caret, when the selection is one. */
export function caretBlock(tr: Pick<Transaction, 'doc' | 'selection'>): Placed | null {
  const { $from, empty } = tr.selection
  if (!empty || !$from.parent.isTextblock) return null
  return { node: $from.parent, pos: $from.before() }
}

/** The selected node when a whole node (image, divider) is selected. */
export function selectedNode(tr: Pick<Transaction, 'selection'>): Placed | null {
  const { selection } = tr
  return selection instanceof NodeSelection ? { node: selection.node, pos: selection.from } : null
}

/** Writes the attributes that differ, one step each; a colleague's typing in the block merges with them. */
export function writeAttributes(
  tr: Transaction,
  pos: number,
  attributes: Readonly<Record<string, unknown>>,
): boolean {
  const node = tr.doc.nodeAt(pos)
  if (!node) return false
  let isChanged = false
  for (const [name, value] of Object.entries(attributes)) {
    if (!(name in node.attrs) || node.attrs[name] === value) continue
    tr.setNodeAttribute(pos, name, value)
    isChanged = true
  }
  return isChanged
}

/** Writes the attributes that differ of all these nodes: of very many as one step, which a long document has the memory for. */
export function writeAttributesOfAll(tr: Transaction, changes: readonly AttributesAt[]): void {
  const wanted = new Map(changes.map(({ pos, attributes }) => [pos, attributes]))
  const positions = [...wanted.keys()]
  const others: AttributesAt[] = []
  // One way through, because looking for a place passes all in front of it.
  const first = positions.reduce((a, b) => Math.min(a, b), tr.doc.content.size)
  const last = positions.reduce((a, b) => Math.max(a, b), first)
  tr.doc.nodesBetween(first, Math.min(last + 1, tr.doc.content.size), (node, pos) => {
    const differing = Object.entries(wanted.get(pos) ?? {}).filter(
      ([name, value]) => name in node.attrs && node.attrs[name] !== value,
    )
    if (differing.length > 0) others.push({ pos, attributes: Object.fromEntries(differing) })
    return !node.isTextblock
  })
  setAttributesOfMany(tr, others)
}
