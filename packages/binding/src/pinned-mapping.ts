/**
 * Which node shows which shared type, for the sync plugin, with pins: a pinned type is shown by its
 * node whatever happens to the type. The sync plugin asks this map before it makes a node, and compares
 * nothing that the map says is shown already; so what is pinned is neither converted nor written.
 *
 * 1. While a type is pinned, only `pin` and `unpin` change what it is shown by.
 * 2. Pins say nothing about where the type stands or whether it is still there.
 */
import type { Node } from 'prosemirror-model'
import type { Mapping, SharedType } from './y-prosemirror.ts'

export class PinnedMapping extends Map<SharedType, Node | Node[]> {
  // A parent's constructor that is given entries calls `set` before this field is there: so none are given.
  readonly #pins = new Map<SharedType, Node>()

  static from(entries: Mapping): PinnedMapping {
    const mapping = new PinnedMapping()
    for (const [type, shown] of entries) mapping.set(type, shown)
    return mapping
  }

  pin(type: SharedType, node: Node): void {
    this.#pins.set(type, node)
    super.delete(type)
  }

  /** The next time that it is asked for, a node is made for the type. */
  unpin(type: SharedType): void {
    this.#pins.delete(type)
    super.delete(type)
  }

  isPinned(type: SharedType): boolean {
    return this.#pins.has(type)
  }

  pinned(): IterableIterator<SharedType> {
    return this.#pins.keys()
  }

  override get(type: SharedType): Node | Node[] | undefined {
    return this.#pins.get(type) ?? super.get(type)
  }

  override has(type: SharedType): boolean {
    return this.#pins.has(type) || super.has(type)
  }

  override set(type: SharedType, shown: Node | Node[]): this {
    return this.#pins.has(type) ? this : super.set(type, shown)
  }

  override delete(type: SharedType): boolean {
    return this.#pins.has(type) ? false : super.delete(type)
  }
}
