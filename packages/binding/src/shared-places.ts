/**
 * From a place in the view's document to the same place in the shared one, by counting: as cheap as
 * the number of top-level blocks between it and the last place that was looked for, and exact, because
 * every node on the way is checked to be the very object that shows its shared counterpart.
 *
 * Answers undefined whenever the two do not match object by object; the caller then takes the slow way.
 */
import type { Node, ResolvedPos } from 'prosemirror-model'
import * as Y from 'yjs'
import type { YBinding } from './y-prosemirror.ts'

/** A shared text of a block, and where in the block's content it lies. */
export interface PlacedText {
  readonly text: Y.XmlText
  readonly start: number
  readonly length: number
}

/** Goes on from where the last block was found, so that finding blocks near it or in order costs nothing. */
export interface Finder {
  /** The shared elements around a position, the outermost first; the last one is that of `$pos.parent`. */
  around($pos: ResolvedPos): Y.XmlElement[] | undefined
  /** The shared element of the node after a position between blocks. */
  after($pos: ResolvedPos): Y.XmlElement | undefined
  /** Call it when top-level blocks may have come or gone. */
  forget(): void
}

/** Where among the top-level blocks the last one was found. It may be out of date: what is found from there is checked. */
interface Found {
  readonly index: number
  readonly item: Y.Item
}

const lastFound = new WeakMap<YBinding, Found>()

export function createFinder(binding: YBinding): Finder {
  const { type: root, mapping } = binding

  const itemAt = (parent: Y.XmlFragment, index: number, from: Found | undefined): Y.Item | null => {
    // From the start, when that is nearer.
    const isNear = from !== undefined && Math.abs(index - from.index) < index
    let item: Y.Item | null = isNear ? from.item : parent._first
    for (let left = isNear ? index - from.index : index; item && left !== 0; ) {
      item = left > 0 ? item.next : item.prev
      left += left > 0 ? -1 : 1
    }
    return item
  }
  const elementAt = (parent: Y.XmlFragment, index: number, node: Node | null | undefined) => {
    const isTop = parent === root
    const from = isTop ? lastFound.get(binding) : undefined
    for (const start of from ? [from, undefined] : [undefined]) {
      const item = itemAt(parent, index, start)
      if (!item || item.deleted) continue
      const child = (item.content as Y.ContentType).type
      if (!(child instanceof Y.XmlElement) || !node || mapping.get(child) !== node) continue
      if (isTop) lastFound.set(binding, { index, item })
      return child
    }
    return undefined
  }
  const around = ($pos: ResolvedPos): Y.XmlElement[] | undefined => {
    const path: Y.XmlElement[] = []
    for (let depth = 0; depth < $pos.depth; depth++) {
      const child = elementAt(path.at(-1) ?? root, $pos.index(depth), $pos.node(depth + 1))
      if (!child) return undefined
      path.push(child)
    }
    return path
  }
  return {
    around,
    after($pos) {
      // In a line, texts and nodes are not one to one.
      if ($pos.parent.inlineContent) return undefined
      const path = around($pos)
      return path && elementAt(path.at(-1) ?? root, $pos.index(), $pos.nodeAfter)
    },
    forget() {
      lastFound.delete(binding)
    },
  }
}

/** The shared texts of a block; a stretch of text can lie in several, when people began an empty block at once. Undefined when their sizes do not add up. */
export function textsOf(
  binding: YBinding,
  element: Y.XmlElement,
  block: Node,
): PlacedText[] | undefined {
  const texts: PlacedText[] = []
  let start = 0
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) {
      texts.push({ text: child, start, length: child.length })
      start += child.length
    } else {
      const node = binding.mapping.get(child as Y.XmlElement)
      if (!node || Array.isArray(node)) return undefined
      start += node.nodeSize
    }
  }
  return start === block.content.size ? texts : undefined
}

/** The text in which a caret at `offset` of the block types: the left one of two that meet there, unless it is empty. */
export function textAt(texts: readonly PlacedText[], offset: number): PlacedText | undefined {
  const near = texts.filter(({ start, length }) => start <= offset && offset <= start + length)
  return near.find(({ length }) => length > 0) ?? near[0]
}

/** The text nodes of a block between two offsets: the very nodes where they lie wholly inside, as in almost every block. */
export function nodesBetween(block: Node, start: number, end: number): Node[] {
  const nodes: Node[] = []
  block.forEach((node, offset) => {
    const from = Math.max(start - offset, 0)
    const to = Math.min(end - offset, node.nodeSize)
    if (from < to) nodes.push(from === 0 && to === node.nodeSize ? node : node.cut(from, to))
  })
  return nodes
}
