/**
 * Writes to the shared document what changed between two documents, and compares nothing else. The sync
 * plugin's comparison takes a block for another that looks the same: when one of two empty lines goes, it
 * deletes whichever comes last, and that may be the one in which a colleague begins to write. Blocks that
 * are the same object before and after are left alone here, whatever they look like.
 *
 * 1. What it writes is within the smallest list of neighbours that holds all changes.
 * 2. Where the shared document is not the one before, it compares all of it.
 */
import type { Node } from 'prosemirror-model'
import { Fragment } from 'prosemirror-model'
import * as Y from 'yjs'
import { changedChildren } from './changed-children.ts'
import {
  type Comparable,
  type Mapping,
  type SharedType,
  writeToShared,
  type YBinding,
} from './y-prosemirror.ts'

/** Call it inside `binding.mux` and a shared transaction. */
export function writeChanged(binding: YBinding, before: Node, after: Node): void {
  const { mapping } = binding
  let home: Y.XmlFragment = binding.type
  let [was, now] = [before, after]
  // Remembered only once all is written: a comparison of the whole would take them for equal.
  const around: [Y.XmlFragment, Node][] = []
  for (;;) {
    const children = home.toArray() as SharedType[]
    const { left, right } = changedChildren(was, now)
    const end = was.childCount - right
    const isShown = (child: SharedType, i: number): boolean =>
      (i >= left && i < end) || mapping.get(child) === was.child(i)
    if (children.length !== was.childCount || !children.every(isShown)) break
    const inner = children[left]
    const [old, next] = [was.maybeChild(left), now.maybeChild(left)]
    const isOne = end - left === 1 && now.childCount - right - left === 1
    if (
      isOne &&
      old &&
      next &&
      inner instanceof Y.XmlElement &&
      isSameBox(mapping, inner, old, next)
    ) {
      around.push([home, now])
      home = inner
      was = old
      now = next
      continue
    }
    const part = new Part(home, left, end)
    const content = Fragment.fromArray(now.children.slice(left, now.childCount - right))
    writeToShared(binding, part, now.copy(content))
    mapping.delete(part as unknown as SharedType)
    for (const [element, node] of [...around, [home, now] as const]) mapping.set(element, node)
    return
  }
  writeToShared(binding, binding.type, after)
}

/** Whether an element shows a box of other blocks that only changed inside. */
function isSameBox(mapping: Mapping, element: Y.XmlElement, old: Node, next: Node): boolean {
  if (old.isLeaf || old.isTextblock || mapping.get(element) !== old) return false
  return old.sameMarkup(next)
}

/** The children of a fragment from one index to another, as if they were all. */
class Part implements Comparable {
  readonly #whole: Y.XmlFragment
  readonly #from: number
  readonly #to: number

  constructor(whole: Y.XmlFragment, from: number, to: number) {
    this.#whole = whole
    this.#from = from
    this.#to = to
  }

  toArray(): unknown[] {
    return this.#whole.toArray().slice(this.#from, this.#to)
  }

  get(index: number): unknown {
    return this.#whole.get(this.#from + index)
  }

  slice(from: number, to: number): unknown[] {
    return this.#whole.slice(this.#from + from, this.#from + to)
  }

  insert(index: number, content: (Y.XmlElement | Y.XmlText)[]): void {
    this.#whole.insert(this.#from + index, content)
  }

  delete(index: number, length: number): void {
    this.#whole.delete(this.#from + index, length)
  }
}
