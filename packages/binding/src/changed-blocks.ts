/**
 * Which top-level blocks a change from elsewhere made different, and what they are now: read from the
 * Yjs transaction, so at the cost of the change. The sync plugin lists and looks up all blocks instead,
 * and builds the document anew.
 *
 * 1. What is answered is what the sync plugin would build: the same nodes are made by its own means, of
 *    the same blocks, and stand in the mapping.
 * 2. Undefined when that cannot be told block by block. Then the caller lets the sync plugin do it all:
 *    nothing that was done here is in its way.
 */
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { indexOfBlock } from './block-places.ts'
import { isNewIn, newItemsIn, topOf, typeOf } from './signs.ts'
import { readBlocks, type SharedEvents, type YBinding } from './y-prosemirror.ts'

/** Blocks `[index, index + count)` of the document are now `nodes`. */
export interface BlockSplice {
  readonly index: number
  readonly count: number
  readonly nodes: readonly Node[]
  /** What each of the nodes shows. */
  readonly blocks: readonly Y.XmlElement[]
}

/** Each is looked for by itself. More change at once when everything is marked, or somebody comes back. */
const blocksMax = 32

/**
 * The splices in rising order, with an unchanged block between any two; `doc` is what the view shows.
 * Call it after the transaction, inside `binding.mux`. Makes nodes, which lets the sync plugin
 * delete what it cannot show, as always.
 */
export function changedBlocks(
  binding: YBinding,
  change: { readonly events: SharedEvents; readonly transaction: Y.Transaction },
  doc: Node,
): readonly BlockSplice[] | undefined {
  const { transaction } = change
  const { type: root, mapping } = binding
  if (mapping.get(root) !== doc) return undefined
  const gone = blocksGone(transaction, root)
  const arrived = newItemsIn(transaction, root)
  const touched = blocksTouched(transaction, root)
  if (gone.length + arrived.length + touched.size > blocksMax) return undefined
  if (!arrived.every((item) => typeOf(item) instanceof Y.XmlElement)) return undefined
  // Where the document has no block, the view shows one all the same.
  if (root.length === 0) return undefined
  if (doc.childCount - gone.length + arrived.length !== root.length) return undefined

  // While the mapping still says which node shows which block.
  const indexOf = (block: unknown): number | undefined => {
    const node = block instanceof Y.XmlElement ? mapping.get(block) : undefined
    return node && !Array.isArray(node) ? indexOfBlock(doc, node) : undefined
  }
  const edits: Edit[] = []
  for (const block of gone) edits.push({ index: indexOf(block), count: 1, blocks: [] })
  for (const block of touched) edits.push({ index: indexOf(block), count: 1, blocks: [block] })
  for (const [left, blocks] of insertions(transaction, root, arrived)) {
    const index = left ? indexOf(typeOf(left)) : -1
    edits.push({ index: index === undefined ? undefined : index + 1, count: 0, blocks })
  }
  if (!edits.every(isPlaced)) return undefined
  // What is new stands before the block at its index.
  const sorted = edits.toSorted((a, b) => a.index - b.index || a.count - b.count)
  const blocks = sorted.flatMap((edit) => edit.blocks)
  const nodes = readBlocks(binding, blocks, change)
  return nodes.length === blocks.length ? splicesOf(sorted, nodes) : undefined
}

interface Edit {
  /** Where in the document before; undefined when it has not been found. */
  readonly index: number | undefined
  readonly count: number
  readonly blocks: readonly Y.XmlElement[]
}

type PlacedEdit = Edit & { readonly index: number }

const isPlaced = (edit: Edit): edit is PlacedEdit => edit.index !== undefined

/** Edits beside each other are one: a block that was split is compared with both its halves. `nodes` are those of all their blocks. */
function splicesOf(edits: readonly PlacedEdit[], nodes: readonly Node[]): BlockSplice[] {
  const splices: { index: number; count: number; nodes: Node[]; blocks: Y.XmlElement[] }[] = []
  let used = 0
  for (const { index, count, blocks } of edits) {
    const own = nodes.slice(used, used + blocks.length)
    used += blocks.length
    const last = splices.at(-1)
    if (last && last.index + last.count === index) {
      last.count += count
      last.nodes.push(...own)
      last.blocks.push(...blocks)
    } else splices.push({ index, count, nodes: own, blocks: [...blocks] })
  }
  return splices
}

/** Blocks that were there and are not any more. */
function blocksGone(transaction: Y.Transaction, root: Y.XmlFragment): unknown[] {
  const gone: unknown[] = []
  if (!isChanged(transaction, root)) return gone
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (item) => {
    if (!(item instanceof Y.Item) || item.parent !== root) return
    if (item.countable && !isNewIn(transaction, item.id)) gone.push(typeOf(item))
  })
  return gone
}

/** Blocks that were there, still are, and in which something changed. */
function blocksTouched(transaction: Y.Transaction, root: Y.XmlFragment): Set<Y.XmlElement> {
  const touched = new Set<Y.XmlElement>()
  for (const type of transaction.changed.keys() as Iterable<unknown>) {
    const block = topOf(type, root)
    const item = block?._item
    if (!item || item.deleted || isNewIn(transaction, item.id)) continue
    if (block instanceof Y.XmlElement) touched.add(block)
  }
  return touched
}

/** What arrived in each gap between blocks that stay, in order, by the item on its left; null at the start. */
function insertions(
  transaction: Y.Transaction,
  root: Y.XmlFragment,
  arrived: readonly Y.Item[],
): Map<Y.Item | null, Y.XmlElement[]> {
  const found = new Map<Y.Item | null, Y.XmlElement[]>()
  const stays = (item: Y.Item): boolean => !item.deleted && !isNewIn(transaction, item.id)
  for (const item of arrived) {
    let left = item.left
    while (left && !stays(left)) left = left.left
    if (found.has(left)) continue
    const blocks: Y.XmlElement[] = []
    for (let at = left ? left.right : root._start; at && !stays(at); at = at.right) {
      const block = typeOf(at)
      if (!at.deleted && block instanceof Y.XmlElement) blocks.push(block)
    }
    found.set(left, blocks)
  }
  return found
}

function isChanged(transaction: Y.Transaction, root: Y.XmlFragment): boolean {
  return (transaction.changed as ReadonlyMap<unknown, unknown>).has(root)
}
