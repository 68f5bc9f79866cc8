/**
 * Keeps account of every letter that somebody typed: each is one that occurs nowhere else, so it can be
 * told where it is now, and whether it is there twice.
 *
 * 1. A letter that nobody took away by an edit of their own is there, exactly once.
 * 2. No letter is there twice.
 * 3. A letter stands in the block of the letter behind which it was typed, and behind it, unless
 *    somebody who saw both parted them.
 */
import { Fragment, type Node, Slice } from 'prosemirror-model'

/** Where a letter stands: which line of text, and how far in it. */
type Places = ReadonlyMap<string, { readonly line: number; readonly at: number }>

const firstLetter = 0x4e00

/** Letters that look different from all others of a round. */
export class Letters {
  #next: number

  /** Two of them give the same letters unless they begin apart. */
  constructor(first = 0) {
    this.#next = first
  }

  /** Whether a sign is one of these. A line break in code is not: it is made of a hard break, any number of times, and looks like all others. */
  static has(sign: string): boolean {
    return (sign.codePointAt(0) ?? 0) > firstLetter
  }

  /** As many new letters as `text` has signs. */
  instead(text: string): string {
    return Array.from(text, (sign) => {
      this.#next += 1
      // Some of two units, so that no one is cut in half.
      return String.fromCodePoint((sign.length > 1 ? 0x20000 : firstLetter) + this.#next)
    }).join('')
  }

  /** The same node with new letters. */
  in(node: Node): Node {
    if (node.isText) return node.type.schema.text(this.instead(node.text ?? ''), node.marks)
    return node.copy(Fragment.fromArray(node.children.map((child) => this.in(child))))
  }

  inSlice({ content, openStart, openEnd }: Slice): Slice {
    return new Slice(
      Fragment.fromArray(content.content.map((node) => this.in(node))),
      openStart,
      openEnd,
    )
  }
}

export class Survival {
  readonly #typed = new Set<string>()
  readonly #takenAway = new Set<string>()
  /** By a letter, the one behind which it was typed. */
  readonly #leaders = new Map<string, string>()
  readonly #parted = new Set<string>()

  constructor(start: Node) {
    for (const letter of placesIn(start).keys()) this.#typed.add(letter)
  }

  /** Call it around an edit that somebody makes; not around what they receive. */
  around<T>(content: () => Node, edit: () => T): T {
    const before = content()
    const result = edit()
    const after = content()
    if (before !== after) this.#compare(placesIn(before), placesIn(after))
    return result
  }

  /** Letters that somebody takes away although a copy of them is still to be seen. */
  takeAway(letters: string): void {
    for (const letter of letters) this.#takenAway.add(letter)
  }

  /** What is wrong in the document that all see at the end, in words. */
  problemsIn(doc: Node): string[] {
    const problems: string[] = []
    const counts = new Map<string, number>()
    doc.descendants((node) => {
      for (const letter of node.text ?? '') {
        if (Letters.has(letter)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
      }
    })
    for (const [letter, count] of counts) {
      if (count > 1) problems.push(`${letter} is there ${count} times`)
    }
    for (const letter of this.#typed) {
      if (!this.#takenAway.has(letter) && !counts.has(letter)) problems.push(`${letter} is lost`)
    }
    const places = placesIn(doc)
    for (const [letter, leader] of this.#leaders) {
      const [at, of] = [places.get(letter), places.get(leader)]
      if (!at || !of || this.#parted.has(letter) || this.#takenAway.has(leader)) continue
      if (at.line !== of.line) problems.push(`${letter} is not in the block of ${leader}`)
      else if (at.at < of.at) problems.push(`${letter} stands in front of ${leader}`)
    }
    return problems
  }

  /** How many letters there are to say something about. */
  get countOfKept(): number {
    return [...this.#typed].filter((letter) => !this.#takenAway.has(letter)).length
  }

  #compare(before: Places, after: Places): void {
    for (const letter of before.keys()) if (!after.has(letter)) this.#takenAway.add(letter)
    const lines = linesOf(after)
    for (const [letter, { line, at }] of after) {
      if (before.has(letter) || this.#typed.has(letter)) continue
      this.#typed.add(letter)
      const leader = lines[line]?.[at - 1]
      if (leader !== undefined) this.#leaders.set(letter, leader)
    }
    for (const [letter, leader] of this.#leaders) {
      const [wasAt, wasOf] = [before.get(letter), before.get(leader)]
      const [at, of] = [after.get(letter), after.get(leader)]
      if (!wasAt || !wasOf || wasAt.line !== wasOf.line || wasAt.at < wasOf.at) {
        // Not together where the editor could see them. Who then takes them apart further is no news.
        if (wasAt && wasOf) this.#parted.add(letter)
        continue
      }
      if (!at || !of || at.line !== of.line || at.at < of.at) this.#parted.add(letter)
    }
  }
}

function placesIn(doc: Node): Places {
  const places = new Map<string, { line: number; at: number }>()
  let line = -1
  doc.descendants((node) => {
    if (!node.isTextblock) return true
    line += 1
    let at = 0
    node.forEach((child) => {
      for (const letter of child.text ?? '') {
        if (Letters.has(letter)) places.set(letter, { line, at })
        at += 1
      }
      if (!child.isText) at += 1
    })
    return false
  })
  return places
}

function linesOf(places: Places): (string | undefined)[][] {
  const lines: (string | undefined)[][] = []
  for (const [letter, { line, at }] of places) (lines[line] ??= [])[at] = letter
  return lines
}
