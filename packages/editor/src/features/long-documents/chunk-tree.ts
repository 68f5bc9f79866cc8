/**
 * The chunks of a long document on screen: a shadow tree on the editable element, with one slot
 * for each chunk, to which its blocks are assigned. The document's own DOM stays flat:
 * ProseMirror, selections, selectors and copying see blocks beside each other. Only layout and
 * painting see two levels, so the browser watches and stacks some dozens of chunks instead of
 * thousands of blocks.
 *
 * 1. Every child of the editable element is assigned to a slot after each `update`; a child without a
 *    slot would not be shown.
 * 2. Blocks are as far apart as without chunks: a chunk's box keeps margins in, so the place between
 *    two chunks is drawn in by what would have collapsed there.
 * 3. Chunks begin only where list numbers begin anew: a chunk counts by itself.
 */
import { cut } from './cut.ts'

/** Something came into layout or went out of it. */
const shownEvent = 'contentvisibilityautostatechange'

interface Chunk {
  /** Has a box of its own, unlike most slots. A box around it would end selections at its border. */
  readonly slot: HTMLSlotElement
  nodes: readonly ChildNode[]
}

export class ChunkTree {
  readonly #content: HTMLElement
  readonly #shadow: ShadowRoot
  readonly #changes: MutationObserver
  readonly #sizes: ResizeObserver
  /** In document order. */
  #chunks: readonly Chunk[] = []
  /** By first node. */
  #byFirst = new Map<ChildNode, Chunk>()
  #ends: readonly (ChildNode | null)[] = []
  #near: readonly Chunk[] = []

  /** Takes over the layout of `content` for as long as that element lives: a shadow tree cannot be taken off again. */
  constructor(content: HTMLElement) {
    this.#content = content
    this.#shadow = content.attachShadow({ mode: 'open', slotAssignment: 'manual' })
    // A chunk changes its size when its content or the style does; then the margins may be others, too.
    this.#sizes = new ResizeObserver((entries) => {
      for (const { target } of entries) this.#joinAround(target)
    })
    // Such an event stays in the shadow tree; on a block without chunks it would pass here.
    this.#shadow.addEventListener(shownEvent, () => content.dispatchEvent(new Event(shownEvent)))
    this.#changes = new MutationObserver(() => this.#assign())
    this.#changes.observe(content, { childList: true })
    this.#assign()
  }

  /** Call it after every change of the element's children that something is measured after. Costs nothing without one. */
  update(): void {
    if (this.#changes.takeRecords().length > 0) this.#assign()
  }

  /** Keeps the chunks of the blocks in which the selection ends, and those beside them, laid out: a browser moves a caret only within what is. */
  keepNear(...ends: readonly (ChildNode | null)[]): void {
    if (isSame(this.#ends, ends)) return
    this.#ends = ends
    this.#showNear()
  }

  /** Stops following. The blocks stay where they are. */
  destroy(): void {
    this.#changes.disconnect()
    this.#sizes.disconnect()
  }

  #assign(): void {
    const nodes = [...this.#content.childNodes]
    const runs = cut(nodes, {
      didBegin: (node) => this.#byFirst.has(node),
      mayBegin: (i) => mayBegin(nodes[i] as ChildNode, nodes[i - 1] as ChildNode),
    })
    const left = new Set(this.#chunks)
    const chunks = runs.map((run) => {
      const chunk = this.#byFirst.get(run[0] as ChildNode) ?? this.#make()
      left.delete(chunk)
      return chunk
    })
    for (const chunk of left) {
      this.#sizes.unobserve(chunk.slot)
      chunk.slot.remove()
    }
    chunks.forEach(({ slot }, i) => {
      const next = i === 0 ? this.#shadow.firstChild : (chunks[i - 1] as Chunk).slot.nextSibling
      if (next !== slot) this.#shadow.insertBefore(slot, next)
    })
    this.#chunks = chunks
    this.#byFirst = new Map()
    chunks.forEach((chunk, i) => {
      const run = runs[i] as ChildNode[]
      this.#byFirst.set(run[0] as ChildNode, chunk)
      if (isSame(chunk.nodes, run)) return
      chunk.nodes = run
      chunk.slot.assign(...(run as (Element | Text)[]))
      chunk.slot.style.setProperty('--quire-chunk-blocks', String(run.length))
      // Looked at anew: reported once after the next layout, whether its size changes or not.
      this.#sizes.unobserve(chunk.slot)
      this.#sizes.observe(chunk.slot)
    })
    this.#showNear()
  }

  #showNear(): void {
    const held = this.#chunks.map(({ nodes }) =>
      this.#ends.some((end) => end && nodes.includes(end)),
    )
    const near = this.#chunks.filter((_, i) => held[i - 1] || held[i] || held[i + 1])
    if (isSame(near, this.#near)) return
    for (const { slot } of this.#near) slot.part.remove('near')
    for (const { slot } of near) slot.part.add('near')
    this.#near = near
  }

  #make(): Chunk {
    const slot = this.#content.ownerDocument.createElement('slot')
    slot.part.add('chunk')
    return { slot, nodes: [] }
  }

  #joinAround(slot: Element): void {
    const at = this.#chunks.findIndex((chunk) => chunk.slot === slot)
    if (at < 0) return
    this.#join(at)
    this.#join(at + 1)
  }

  /** Sets the place between a chunk and the one before it. */
  #join(at: number): void {
    const chunk = this.#chunks[at]
    if (!chunk) return
    const before = this.#chunks[at - 1]?.nodes.findLast(isBlock)
    const after = chunk.nodes.find(isBlock)
    if (!before || !after) {
      chunk.slot.style.removeProperty('margin-block-start')
      return
    }
    // Out of sight nobody sees the place, and looking would lay out what is left out.
    if (!after.checkVisibility({ contentVisibilityAuto: true })) return
    const end = Number.parseFloat(getComputedStyle(before).marginBlockEnd)
    const start = Number.parseFloat(getComputedStyle(after).marginBlockStart)
    const collapsed = Math.max(end, start, 0) + Math.min(end, start, 0)
    chunk.slot.style.marginBlockStart = `${collapsed - end - start}px`
  }
}

/** Whether a chunk can hold the blocks from `node` on without changing how anything looks. */
function mayBegin(node: ChildNode, before: ChildNode): boolean {
  if (!isBlock(node)) return false
  const { kind, indent } = node.dataset
  // Numbers go on from the block before; quotes and callouts in a row touch each other.
  if (kind === 'number' || indent !== undefined) return false
  const isRow = kind === 'quote' || kind === 'callout'
  return !isRow || !isBlock(before) || before.dataset['kind'] !== kind
}

const blockSelector = '[data-kind], pre, figure.quire-image, hr, table, .tableWrapper'

/** A block of the document, not something that a plugin has put between two. */
function isBlock(node: ChildNode): node is HTMLElement {
  return node instanceof HTMLElement && node.matches(blockSelector)
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}
