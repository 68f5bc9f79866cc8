/**
 * Which node shows which shared type, for the sync plugin, with two kinds of entries that it cannot take
 * away: a *pinned* line is shown as it was for a while (`composition.ts`), and a *locked* block is shown
 * by a placeholder (`locked-parts.ts`). The sync plugin asks this map before it makes a node, and compares
 * nothing that the map says is shown already; so neither is converted, and neither is written.
 *
 * 1. While a type is pinned or locked, only `pin`, `unpin`, `lock` and `unlock` change what it is shown by.
 * 2. What is locked is shown as locked, pinned or not.
 * 3. Entries say nothing about where a type stands or whether it is still there.
 */
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import type { Mapping, SharedType } from './y-prosemirror.ts'

export class PinnedMapping extends Map<SharedType, Node | Node[]> {
  // A parent's constructor that is given entries calls `set` before these fields are there: so none are given.
  readonly #pins = new Map<SharedType, Node>()
  readonly #locks = new Map<SharedType, Node>()
  /** Both in one: it is asked for every block at every remote key, and almost always empty. */
  readonly #fixed = new Map<SharedType, Node>()

  static from(entries: Mapping): PinnedMapping {
    const mapping = new PinnedMapping()
    for (const [type, shown] of entries) mapping.set(type, shown)
    return mapping
  }

  pin(type: SharedType, node: Node): void {
    this.#pins.set(type, node)
    this.#fix(type)
  }

  /** The next time that it is asked for, a node is made for the type. */
  unpin(type: SharedType): void {
    this.#pins.delete(type)
    this.#fix(type)
  }

  lock(type: SharedType, placeholder: Node): void {
    this.#locks.set(type, placeholder)
    this.#fix(type)
  }

  /** The next time that it is asked for, a node is made for the type. */
  unlock(type: SharedType): void {
    this.#locks.delete(type)
    this.#fix(type)
  }

  #fix(type: SharedType): void {
    super.delete(type)
    const node = this.#locks.get(type) ?? this.#pins.get(type)
    if (node) this.#fixed.set(type, node)
    else this.#fixed.delete(type)
  }

  get locked(): ReadonlyMap<SharedType, Node> {
    return this.#locks
  }

  /** Whether a type is locked or lies in what is. */
  isInLocked(type: unknown): boolean {
    if (this.#locks.size === 0) return false
    for (let at = type; at instanceof Y.AbstractType; at = at._item?.parent) {
      if (this.#locks.has(at as SharedType)) return true
    }
    return false
  }

  override get(type: SharedType): Node | Node[] | undefined {
    if (this.#fixed.size === 0) return super.get(type)
    return this.#fixed.get(type) ?? super.get(type)
  }

  override has(type: SharedType): boolean {
    return this.#fixed.has(type) || super.has(type)
  }

  override set(type: SharedType, shown: Node | Node[]): this {
    return this.#fixed.has(type) ? this : super.set(type, shown)
  }

  override delete(type: SharedType): boolean {
    return this.#fixed.has(type) ? false : super.delete(type)
  }
}
