/**
 * What differs between two nodes, as steps: the comparison under `minimal-replace.ts`, which says what
 * holds of it. Changes nothing.
 */
import { Fragment, type Node, Slice } from 'prosemirror-model'
import type { AttributesAt } from './attributes-step.ts'
import { AddMarkStep, RemoveMarkStep, ReplaceStep, type Step } from 'prosemirror-transform'

export interface Changes {
  readonly steps: Step[]
  /** In positions of the document before, in rising order. */
  readonly attributes: AttributesAt[]
}

/** Compares the children of two nodes of one kind; `start` is the position of the first child. Steps are added in rising order. */
export function compareChildren(before: Node, after: Node, start: number, changes: Changes): void {
  let left = 0
  let from = start
  const least = Math.min(before.childCount, after.childCount)
  while (left < least && before.child(left) === after.child(left)) {
    from += before.child(left).nodeSize
    left += 1
  }
  let right = 0
  while (
    right < least - left &&
    before.child(before.childCount - 1 - right) === after.child(after.childCount - 1 - right)
  ) {
    right += 1
  }
  const beforeEnd = before.childCount - right
  const afterEnd = after.childCount - right

  // Blocks between the two ends that are the same object divide the rest into stretches.
  const places = new Map<Node, number>()
  for (let i = left; i < beforeEnd; i++) places.set(before.child(i), i)
  let i = left
  let j = left
  let pos = from
  for (let k = left; k <= afterEnd; k++) {
    const same = k < afterEnd ? places.get(after.child(k)) : beforeEnd
    if (same === undefined || same < i) continue
    pos = compareStretch(before, i, same, after, j, k, pos, changes)
    if (same < beforeEnd) pos += before.child(same).nodeSize
    i = same + 1
    j = k + 1
  }
}

/** Compares children [i, iEnd) of `before` with [j, jEnd) of `after`; returns the position after the stretch. */
export function compareStretch(
  before: Node,
  i: number,
  iEnd: number,
  after: Node,
  j: number,
  jEnd: number,
  start: number,
  changes: Changes,
): number {
  let end = start
  for (let k = i; k < iEnd; k++) end += before.child(k).nodeSize
  if (iEnd - i === jEnd - j) {
    let pos = start
    for (let k = 0; k < iEnd - i; k++) {
      compareNode(before.child(i + k), after.child(j + k), pos, changes)
      pos += before.child(i + k).nodeSize
    }
    return end
  }
  // A different number: narrow the stretch to what differs at its ends, block by block.
  while (i < iEnd && j < jEnd && before.child(i).eq(after.child(j))) {
    start += before.child(i).nodeSize
    i += 1
    j += 1
  }
  let stop = end
  while (iEnd > i && jEnd > j && before.child(iEnd - 1).eq(after.child(jEnd - 1))) {
    stop -= before.child(iEnd - 1).nodeSize
    iEnd -= 1
    jEnd -= 1
  }
  if (iEnd - i === 1 && jEnd - j === 2) {
    if (compareSplit(before.child(i), after.child(j), after.child(j + 1), start, changes))
      return end
  }
  if (iEnd - i === 2 && jEnd - j === 1) {
    if (compareJoin(before.child(i), before.child(i + 1), after.child(j), start, changes))
      return end
  }
  if (iEnd > i && jEnd > j && before.child(i).type === after.child(j).type) {
    // A split or a join: the first block stays itself, so that a caret in it stays.
    compareNode(before.child(i), after.child(j), start, changes)
    start += before.child(i).nodeSize
    i += 1
    j += 1
  }
  if (i < iEnd || j < jEnd) {
    const offset = offsetOf(after, j)
    changes.steps.push(new ReplaceStep(start, stop, sliceOf(after, offset, offsetOf(after, jEnd))))
  }
  return end
}

/** True when `before` became `first` and `second`: words on both sides of the new edge are not touched. */
function compareSplit(
  before: Node,
  first: Node,
  second: Node,
  start: number,
  changes: Changes,
): boolean {
  if (!areLinesOfOneType(before, first, second)) return false
  const left = sameAtStart(before, first)
  const right = Math.min(sameAtEnd(before, second), before.content.size - left)
  if (right === 0) return false
  const { size } = second.content
  const edge = Fragment.from([first.cut(left), second.cut(0, size - right)])
  const [from, to] = [start + 1 + left, start + 1 + before.content.size - right]
  changes.steps.push(new ReplaceStep(from, to, new Slice(edge, 1, 1)))
  compareAttributes(before, first, start, changes)
  return true
}

/** True when `first` and `second` became `after`: words on both sides of the old edge are not touched. */
function compareJoin(
  first: Node,
  second: Node,
  after: Node,
  start: number,
  changes: Changes,
): boolean {
  if (!areLinesOfOneType(first, second, after)) return false
  const left = sameAtStart(first, after)
  const right = Math.min(sameAtEnd(second, after), after.content.size - left)
  if (right === 0) return false
  const [from, to] = [start + 1 + left, start + first.nodeSize + 1 + second.content.size - right]
  const between = sliceOf(after, left, after.content.size - right)
  changes.steps.push(new ReplaceStep(from, to, between))
  compareAttributes(first, after, start, changes)
  return true
}

const areLinesOfOneType = (one: Node, ...others: readonly Node[]): boolean =>
  one.isTextblock && others.every(({ type }) => type === one.type)

/** How much of two lines is the same at their starts. */
function sameAtStart(a: Node, b: Node): number {
  return a.content.findDiffStart(b.content) ?? Math.min(a.content.size, b.content.size)
}

function sameAtEnd(a: Node, b: Node): number {
  const end = a.content.findDiffEnd(b.content)
  return end === null ? Math.min(a.content.size, b.content.size) : a.content.size - end.a
}

export function compareNode(before: Node, after: Node, pos: number, changes: Changes): void {
  if (before === after) return
  if (before.type !== after.type || before.isText || !sameMarks(before, after)) {
    if (before.isText && after.isText && before.eq(after)) return
    changes.steps.push(new ReplaceStep(pos, pos + before.nodeSize, sliceOfNode(after)))
    return
  }
  compareAttributes(before, after, pos, changes)
  if (before.isLeaf) return
  if (before.inlineContent) compareInline(before, after, pos + 1, changes)
  else compareChildren(before, after, pos + 1, changes)
}

function compareAttributes(before: Node, after: Node, pos: number, changes: Changes): void {
  const others = Object.entries(after.attrs).filter(
    ([name, value]) => !sameValue(before.attrs[name], value),
  )
  if (others.length > 0) changes.attributes.push({ pos, attributes: Object.fromEntries(others) })
}

function compareInline(before: Node, after: Node, start: number, changes: Changes): void {
  const first = before.content.findDiffStart(after.content, start)
  if (first === null) return
  const marks = markSteps(before, after, start)
  if (marks) {
    changes.steps.push(...marks)
    return
  }
  const end = before.content.findDiffEnd(
    after.content,
    start + before.content.size,
    start + after.content.size,
  )
  if (!end) return
  // Where text repeats, the two ends can overlap: both then move right by as much.
  const overlap = Math.max(0, first - Math.min(end.a, end.b))
  changes.steps.push(
    new ReplaceStep(first, end.a + overlap, sliceOf(after, first - start, end.b + overlap - start)),
  )
}

/** When two lines have the same text and the same atoms, the steps that make the marks equal; else undefined. */
function markSteps(before: Node, after: Node, start: number): Step[] | undefined {
  if (before.content.size !== after.content.size) return undefined
  if (textOf(before) !== textOf(after)) return undefined
  const steps: Step[] = []
  let i = 0
  let j = 0
  let iEnd = 0
  let jEnd = 0
  let at = 0
  while (at < before.content.size) {
    if (iEnd === at) iEnd += before.child(i++).nodeSize
    if (jEnd === at) jEnd += after.child(j++).nodeSize
    const a = before.child(i - 1)
    const b = after.child(j - 1)
    const end = Math.min(iEnd, jEnd)
    if (a.isText !== b.isText) return undefined
    if (!a.isText && (a.type !== b.type || !a.eq(b.mark(a.marks)))) return undefined
    for (const mark of a.marks) {
      if (!mark.isInSet(b.marks)) steps.push(new RemoveMarkStep(start + at, start + end, mark))
    }
    for (const mark of b.marks) {
      if (!mark.isInSet(a.marks)) steps.push(new AddMarkStep(start + at, start + end, mark))
    }
    at = end
  }
  // They are run from the back: additions must come after the removals of the same stretch.
  return steps.reverse()
}

const textOf = (node: Node): string => node.textBetween(0, node.content.size, '', '\ufffc')

function sameMarks(a: Node, b: Node): boolean {
  return a.marks.length === b.marks.length && a.marks.every((mark, i) => mark.eq(b.marks[i]!))
}

/** Attributes are texts, numbers, booleans, null, or short lists of numbers. */
function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && JSON.stringify(a) === JSON.stringify(b))
}

function offsetOf(parent: Node, index: number): number {
  let offset = 0
  for (let k = 0; k < index; k++) offset += parent.child(k).nodeSize
  return offset
}

/** Whole children or a stretch of text: never open at its ends. */
function sliceOf(parent: Node, from: number, to: number): Slice {
  return new Slice(parent.content.cut(from, to), 0, 0)
}

function sliceOfNode(node: Node): Slice {
  return new Slice(Fragment.from(node), 0, 0)
}
