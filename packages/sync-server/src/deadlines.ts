/**
 * Deadlines: who is due next, for many things under one timer. Knows no clock and starts no timer.
 *
 * 1. Setting and removing a deadline costs the logarithm of how many there are; looking costs nothing.
 * 2. A key has one deadline. What is due comes out in the order of its time.
 */

interface Entry<Key> {
  readonly key: Key
  readonly dueMs: number
  /** Its place in the heap. */
  at: number
}

export class Deadlines<Key> {
  /** A binary heap: the parent of place n is at (n - 1) / 2, and is not due later. */
  readonly #heap: Entry<Key>[] = []
  readonly #entries = new Map<Key, Entry<Key>>()

  get size(): number {
    return this.#heap.length
  }

  has(key: Key): boolean {
    return this.#entries.has(key)
  }

  /** When `key` is due; undefined when it has no deadline. */
  dueMs(key: Key): number | undefined {
    return this.#entries.get(key)?.dueMs
  }

  /** When the first is due; Infinity when there is none. */
  get nextMs(): number {
    return this.#heap[0]?.dueMs ?? Number.POSITIVE_INFINITY
  }

  /** Sets the deadline of `key`; Infinity removes it. */
  set(key: Key, dueMs: number): void {
    this.delete(key)
    if (dueMs === Number.POSITIVE_INFINITY) return
    const entry = { key, dueMs, at: this.#heap.length }
    this.#entries.set(key, entry)
    this.#heap.push(entry)
    this.#rise(entry)
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    const last = this.#heap.pop()
    if (!last || last === entry) return
    last.at = entry.at
    this.#heap[last.at] = last
    this.#rise(last)
    this.#sink(last)
  }

  /** Removes and returns the first key that is due at `nowMs`. */
  take(nowMs: number): Key | undefined {
    const [first] = this.#heap
    if (!first || first.dueMs > nowMs) return undefined
    this.delete(first.key)
    return first.key
  }

  #rise(entry: Entry<Key>): void {
    for (;;) {
      const parent = this.#heap[(entry.at - 1) >> 1]
      if (entry.at === 0 || !parent || parent.dueMs <= entry.dueMs) return
      this.#swap(parent, entry)
    }
  }

  #sink(entry: Entry<Key>): void {
    for (;;) {
      const left = this.#heap[2 * entry.at + 1]
      const right = this.#heap[2 * entry.at + 2]
      const child = right && left && right.dueMs < left.dueMs ? right : left
      if (!child || child.dueMs >= entry.dueMs) return
      this.#swap(entry, child)
    }
  }

  #swap(upper: Entry<Key>, lower: Entry<Key>): void {
    const { at } = upper
    upper.at = lower.at
    lower.at = at
    this.#heap[upper.at] = upper
    this.#heap[lower.at] = lower
  }
}
