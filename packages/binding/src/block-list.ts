/**
 * The list of a document's top-level blocks that knows where they stand: one of ProseMirror's fragments,
 * equal to the plain one in all that it answers. A plain one counts through all blocks in front of a
 * place, each time that a place is looked for, several times for each key. Is not a list for what is
 * inside of blocks, and holds nothing but what its content says.
 *
 * 1. It is as immutable as any fragment. A letter in a block gives the next list, by ProseMirror's own
 *    steps; whatever else changes the blocks gives a plain fragment, as always, and `indexed` is for that.
 * 2. A list can tell which blocks differ from those of one that it came from a few letters ago, without
 *    keeping that one.
 */
import { Fragment, type Node } from 'prosemirror-model'

interface Place {
  readonly index: number
  /** The position before the block at the index. */
  readonly offset: number
}

/** What prosemirror-model does not promise: how a fragment is made, and by which method it looks for a place. */
interface FragmentInside extends Fragment {
  findIndex(pos: number): Place
}
const PlainList: new (blocks: readonly Node[], size: number) => FragmentInside =
  Fragment as unknown as new (
    blocks: readonly Node[],
    size: number,
  ) => FragmentInside

/** So many blocks are counted at most; with fewer, more has to be copied for each letter. */
const strideLength = 128
/** Letters that are remembered: some more than a view shows at once. */
const pastLengthMax = 16

/** One block was replaced in a list. */
interface Replaced {
  readonly list: number
  readonly index: number
}

let listCount = 0

export class BlockList extends PlainList {
  /** The position before every block whose index is a multiple of the stride. */
  readonly #starts: readonly number[]
  /** How this list came to be, the last first. */
  readonly #past: readonly Replaced[]
  readonly #number: number

  private constructor(
    blocks: readonly Node[],
    size: number,
    starts: readonly number[],
    past: readonly Replaced[],
  ) {
    super(blocks, size)
    this.#starts = starts
    this.#past = past
    this.#number = listCount++
  }

  /** Costs the number of blocks. */
  static of({ content, size }: Fragment): BlockList {
    const starts: number[] = []
    let pos = 0
    content.forEach((block, index) => {
      if (index % strideLength === 0) starts.push(pos)
      pos += block.nodeSize
    })
    return new BlockList(content, size, starts, [])
  }

  /** The position before the block at an index, or at the end of the list. */
  startOf(index: number): number {
    if (index >= this.childCount) return this.size
    const stride = Math.floor(index / strideLength)
    let pos = this.#starts[stride] ?? 0
    for (let i = stride * strideLength; i < index; i++) pos += this.child(i).nodeSize
    return pos
  }

  /** In rising order, at which indexes other blocks may stand than in `before`; undefined when that is not known. */
  changedSince(before: BlockList): readonly number[] | undefined {
    if (before === this) return []
    const indexes = new Set<number>()
    for (const { list, index } of this.#past) {
      indexes.add(index)
      if (list === before.#number) return [...indexes].toSorted((a, b) => a - b)
    }
    return undefined
  }

  override findIndex(pos: number): Place {
    if (pos === 0) return { index: 0, offset: 0 }
    if (pos === this.size) return { index: this.childCount, offset: pos }
    // Which is an error, and said by ProseMirror.
    if (!(pos > 0 && pos < this.size)) return super.findIndex(pos)
    let [stride, behind] = [0, this.#starts.length]
    while (behind - stride > 1) {
      const middle = (stride + behind) >> 1
      if ((this.#starts[middle] ?? 0) <= pos) stride = middle
      else behind = middle
    }
    let offset = this.#starts[stride] ?? 0
    for (let index = stride * strideLength; ; index++) {
      const end = offset + this.child(index).nodeSize
      if (end > pos) return { index, offset }
      offset = end
    }
  }

  override replaceChild(index: number, block: Node): Fragment {
    const current = this.child(index)
    if (current === block) return this
    const blocks = this.content.slice()
    blocks[index] = block
    const growth = block.nodeSize - current.nodeSize
    let starts = this.#starts
    if (growth !== 0) {
      const stride = Math.floor(index / strideLength)
      starts = starts.map((start, i) => (i > stride ? start + growth : start))
    }
    const past = [{ list: this.#number, index }, ...this.#past].slice(0, pastLengthMax)
    return new BlockList(blocks, this.size + growth, starts, past)
  }

  override eq(other: Fragment): boolean {
    if (other.size !== this.size || other.childCount !== this.childCount) return false
    if (!(other instanceof BlockList)) return super.eq(other)
    const changed = this.changedSince(other) ?? other.changedSince(this)
    if (!changed) return super.eq(other)
    return changed.every((index) => this.child(index).eq(other.child(index)))
  }

  override nodesBetween(
    from: number,
    to: number,
    visit: (node: Node, pos: number, parent: Node | null, index: number) => boolean | void,
    start = 0,
    parent?: Node,
  ): void {
    const first = from > 0 && from < this.size ? this.findIndex(from) : { index: 0, offset: 0 }
    let pos = first.offset
    for (let index = first.index; pos < to; index++) {
      const block = this.child(index)
      const end = pos + block.nodeSize
      const mayEnter = end > from && visit(block, start + pos, parent ?? null, index) !== false
      if (mayEnter && block.content.size > 0) {
        const within = pos + 1
        const last = Math.min(block.content.size, to - within)
        block.nodesBetween(Math.max(0, from - within), last, visit, start + within)
      }
      pos = end
    }
  }
}

/** The same document, with a list that knows where its blocks stand; the very document when it has one. Costs the number of blocks. */
export function indexed(doc: Node): Node {
  return doc.content instanceof BlockList ? doc : doc.copy(BlockList.of(doc.content))
}
