/**
 * Blocks that this version does not know are locked one by one, and people write around them. A locked
 * block is shown by one placeholder, an atom; what it is made of is never read, compared or written.
 *
 * 1. Nothing that is done here changes, moves or deletes a locked block, or makes a second one of it: an
 *    edit in which a placeholder is not the same object, beside the same neighbours or new ones, is refused
 *    as a whole. So is what would write around it without knowing where it stands.
 *    What the filter cannot know, that view and mapping are one, is asked again before anything is compared.
 * 2. What others do to a locked block, also deleting it, is shown; when it has become known it is unlocked.
 * 3. What cannot be locked by blocks (`rest`) is for the caller: then nothing may be written at all.
 */
import type { Node, Schema } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import * as Y from 'yjs'
import { indexed } from './block-list.ts'
import { changedChildren } from './changed-children.ts'
import type { PinnedMapping } from './pinned-mapping.ts'
import { placeholderType, type Unknown, unknownAmong, unknownInChange } from './schema-guard.ts'
import { markNameOf } from './shared-marks.ts'
import { isGone, isNewIn, newItemsIn, topOf, typeOf } from './signs.ts'
import type { SharedType } from './y-prosemirror.ts'

/** Names in one placeholder, cut: names of nodes are whatever somebody wrote. */
const namesCharsMax = 200

export interface Judged {
  /** Names of all that is locked now. */
  readonly unknown: readonly string[]
  readonly rest: readonly string[]
  /** A block in which people could write has been locked. */
  readonly hasTaken: boolean
}

export class LockedParts {
  readonly #fragment: Y.XmlFragment
  readonly #schema: Schema
  readonly #mapping: PinnedMapping
  readonly #names = new Map<Y.XmlElement, readonly string[]>()

  constructor(fragment: Y.XmlFragment, schema: Schema, mapping: PinnedMapping) {
    this.#fragment = fragment
    this.#schema = schema
    this.#mapping = mapping
  }

  /** Looks at the whole document. */
  judgeAll(): Judged {
    return this.#lock(unknownAmong(this.#fragment.toArray(), this.#schema), [])
  }

  /** Looks at a change that has just been applied, before observers run; undefined when it concerns nothing unknown. */
  judge(transaction: Y.Transaction): Judged | undefined {
    const wasLocked = this.#names.size > 0
    const news = unknownInChange(transaction, this.#fragment, this.#schema)
    const changed = [...transaction.changed.keys()] as unknown[]
    const touches = (): boolean =>
      changed.some((type) => this.#mapping.isInLocked(type)) || [...this.#names.keys()].some(isGone)
    if (news.length === 0 && !(wasLocked && touches())) return undefined

    const children = new Set<unknown>()
    for (const type of changed) {
      if (type === this.#fragment) {
        for (const item of newItemsIn(transaction, this.#fragment)) children.add(typeOf(item))
      } else children.add(this.#topOf(type))
    }
    children.delete(undefined)
    const taken = unknownAmong([...children], this.#schema)
    const before = [...this.#names.keys()].filter(
      (element) => isGone(element) || children.has(this.#topOf(element)),
    )
    const hasTaken = [...taken.blocks.keys()].some(
      (element) =>
        !this.#names.has(element) && element._item && !isNewIn(transaction, element._item.id),
    )
    return { ...this.#lock(taken, before), hasTaken }
  }

  /** Locks what is found; of what was locked, `before` stays only if it is found again. */
  #lock({ blocks, rest }: Unknown, before: readonly Y.XmlElement[]): Judged {
    for (const element of before) {
      if (blocks.has(element)) continue
      this.#names.delete(element)
      this.#mapping.unlock(element)
    }
    const type = placeholderType(this.#schema)
    for (const [element, names] of blocks) {
      if (this.#names.get(element)?.join() === names.join()) continue
      this.#names.set(element, names)
      const what =
        'what' in (type?.spec.attrs ?? {}) ? names.join(', ').slice(0, namesCharsMax) : null
      if (type) this.#mapping.lock(element, type.create(what === null ? null : { what }))
    }
    const unknown = [...new Set([...this.#names.values()].flat())]
    return { unknown, rest, hasTaken: false }
  }

  #topOf(type: unknown): unknown {
    return topOf(type, this.#fragment)
  }

  /** Whether an edit made here leaves every locked block alone. */
  allows(tr: Transaction): boolean {
    if (this.isEmpty) return true
    return tr.docs.every((before, i) => spares(before, tr.docs[i + 1] ?? tr.doc))
  }

  get isEmpty(): boolean {
    return this.#names.size === 0
  }

  /**
   * Whether a comparison of what is shared with `doc` would find every locked block by the object that shows
   * it. It would, as long as the mapping is what the view shows; this is asked before each, because a
   * mistake there would be somebody's words.
   */
  sparesShared(doc: Node): boolean {
    if (this.isEmpty) return true
    const holders = new Set<unknown>()
    for (const element of this.#names.keys()) {
      for (let at: unknown = element; at instanceof Y.AbstractType; at = at._item?.parent) {
        holders.add(at)
      }
    }
    const spares = (parent: Y.XmlFragment, node: Node): boolean => {
      const types = parent.toArray() as SharedType[]
      const isShown = (i: number, k: number): boolean =>
        this.#mapping.get(types[i] as SharedType) === node.maybeChild(k)
      let left = 0
      while (left < types.length && left < node.childCount && isShown(left, left)) left += 1
      let right = 0
      const least = Math.min(types.length, node.childCount) - left
      while (right < least && isShown(types.length - 1 - right, node.childCount - 1 - right)) {
        right += 1
      }
      const olds = types.slice(left, types.length - right)
      const news = node.children.slice(left, node.childCount - right)
      if (!olds.some((type) => holders.has(type))) return !news.some(hasPlaceholder)
      const [old, now] = [olds[0], news[0]]
      if (olds.length > 1 || news.length > 1 || !(old instanceof Y.XmlElement) || !now) return false
      return old.nodeName === now.type.name && spares(old, now)
    }
    return spares(this.#fragment, doc)
  }

  /** The document that the fragment holds, with placeholders; there must be one. Puts its nodes into the mapping, and changes nothing shared. */
  read(): Node {
    const children = this.#fragment.toArray().flatMap((child) => this.#nodesOf(child))
    const { topNodeType } = this.#schema
    const doc = indexed(topNodeType.create(null, children))
    this.#mapping.set(this.#fragment, doc)
    return doc
  }

  #nodesOf(child: unknown): Node[] {
    if (child instanceof Y.XmlText) return this.#wordsOf(child)
    if (!(child instanceof Y.XmlElement)) return []
    const shown = this.#mapping.get(child)
    if (shown) return Array.isArray(shown) ? shown : [shown]
    const children = child.toArray().flatMap((inner) => this.#nodesOf(inner))
    const node = this.#schema.node(child.nodeName, child.getAttributes(), children)
    this.#mapping.set(child, node)
    return [node]
  }

  #wordsOf(text: Y.XmlText): Node[] {
    const runs = text.toDelta() as { insert: string; attributes?: Record<string, object> }[]
    return runs.map(({ insert, attributes }) =>
      this.#schema.text(
        insert,
        Object.entries(attributes ?? {}).map(([name, attrs]) =>
          this.#schema.mark(markNameOf(name), { ...attrs }),
        ),
      ),
    )
  }
}

/** Whether every placeholder is among children that are the same objects before and after, or in a node that only changed inside. */
export function spares(before: Node, after: Node): boolean {
  if (before === after) return true
  const { left, right } = changedChildren(before, after)
  const olds = before.children.slice(left, before.childCount - right)
  const news = after.children.slice(left, after.childCount - right)
  if (![...olds, ...news].some(hasPlaceholder)) return true
  const [old, now] = [olds[0], news[0]]
  if (olds.length > 1 || news.length > 1 || !old || !now) return false
  return old.type === now.type && !old.isLeaf && spares(old, now)
}

function hasPlaceholder(node: Node): boolean {
  if (node.type.spec['isPlaceholder'] === true) return true
  return !node.isTextblock && node.children.some(hasPlaceholder)
}
