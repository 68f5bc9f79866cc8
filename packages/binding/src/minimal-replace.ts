/**
 * Turns "the document is now this" into the smallest changes that make it so. The sync plugin shows
 * every remote edit as a replacement of the whole document, which would kill decorations, drags and
 * selections everywhere; a small change leaves what it does not touch.
 *
 * 1. The result equals `after` exactly, or the whole document is replaced.
 * 2. Blocks that are the same object on both sides are not looked into: the cost follows the change. Where
 *    the changed blocks are known, the others are not even passed by.
 * 3. A transaction keeps the document before each of its steps, so they have a maximum. Beyond it marks
 *    are set on whole stretches, or the document is replaced.
 * 4. A line that was split, or two that were joined: only the edge between them changes.
 * 5. A changed attribute is an attribute step, a changed mark a mark step: neither moves a position. Those
 *    of many blocks are one step.
 */
import { Fragment, type Node } from 'prosemirror-model'
import type { EditorState, Transaction } from 'prosemirror-state'
import { setAttributesOfMany } from './attributes-step.ts'
import { startOfBlock } from './block-places.ts'
import type { BlockSplice } from './changed-blocks.ts'
import { inStretches } from './mark-stretches.ts'
import { type Changes, compareChildren, compareNode, compareStretch } from './node-differences.ts'

/** A transaction on `state` after which the document is `after`. What is known of the change already may have been done in `begun`. */
export function minimalReplace(
  state: EditorState,
  after: Node,
  begun: Transaction = state.tr,
): Transaction {
  const changes: Changes = { steps: [], attributes: [] }
  compareChildren(begun.doc, after, 0, changes)
  return withChanges(state, begun, changes, whole(after))
}

/**
 * A transaction on `state` that makes these splices: like {@link minimalReplace}, where the changed blocks
 * are known. A line in the document afterwards may be another object than the node it equals.
 */
export function minimalSplice(state: EditorState, splices: readonly BlockSplice[]): Transaction {
  const { doc } = state
  const changes: Changes = { steps: [], attributes: [] }
  if (splices.every(({ count, nodes }) => count === nodes.length)) {
    for (const { index, nodes } of splices) {
      let pos = startOfBlock(doc, index)
      nodes.forEach((node, i) => {
        const before = doc.child(index + i)
        compareNode(before, node, pos, changes)
        pos += before.nodeSize
      })
    }
    return withChanges(state, state.tr, changes, {
      after: () => spliced(doc, splices),
      ifLike: (made) => withBlocks(made, splices),
    })
  }
  const after = spliced(doc, splices)
  let shift = 0
  for (const { index, count, nodes } of splices) {
    const [i, j] = [index, index + shift]
    const start = startOfBlock(doc, index)
    compareStretch(doc, i, i + count, after, j, j + nodes.length, start, changes)
    shift += nodes.length - count
  }
  return withChanges(state, state.tr, changes, whole(after))
}

interface Wanted {
  readonly after: () => Node
  /** The document as the caller wants it, object by object, when `made` is like it. */
  readonly ifLike: (made: Node) => Node | null
}

/** The very objects that the caller knows its blocks by. */
const whole = (after: Node): Wanted => ({
  after: () => after,
  ifLike: (made) => (made.eq(after) ? after : null),
})

function withChanges(
  state: EditorState,
  tr: Transaction,
  { steps, attributes }: Changes,
  wanted: Wanted,
): Transaction {
  const all = (): Transaction =>
    state.tr.replaceWith(0, state.doc.content.size, wanted.after().content)
  const begunCount = tr.steps.length
  const fewer = steps.length > stepsMax ? inStretches(steps) : steps
  if (fewer.length > stepsMax) return all()
  // From the back, so that positions of the steps in front stay as they are.
  for (const step of fewer.reverse()) tr.step(step)
  const mapping = tr.mapping.slice(begunCount)
  setAttributesOfMany(
    tr,
    attributes.map(({ pos, attributes: values }) => ({
      pos: mapping.map(pos, 1),
      attributes: values,
    })),
  )
  const doc = wanted.ifLike(tr.doc)
  if (!doc) return all()
  tr.doc = doc
  return tr
}

function spliced(doc: Node, splices: readonly BlockSplice[]): Node {
  const children = [...doc.children]
  for (const { index, count, nodes } of splices.toReversed()) {
    children.splice(index, count, ...nodes)
  }
  return doc.copy(Fragment.fromArray(children))
}

/** `made` with the nodes of the splices where it has others; null when they are not alike. To put one in copies the list of blocks, which a line is not worth. */
function withBlocks(made: Node, splices: readonly BlockSplice[]): Node | null {
  let { content } = made
  for (const { index, nodes } of splices) {
    for (const [i, node] of nodes.entries()) {
      const own = content.child(index + i)
      if (!own.eq(node)) return null
      if (!isLineLike(own, node)) content = content.replaceChild(index + i, node)
    }
  }
  return content === made.content ? made : made.copy(content)
}

/** Whether two equal nodes are lines in which all but the text is the same object. */
function isLineLike(a: Node, b: Node): boolean {
  return (
    a === b ||
    (a.isTextblock &&
      a.childCount === b.childCount &&
      a.children.every((child, i) => child.isText || child === b.child(i)))
  )
}

/** In a document of 20,000 blocks this many steps keep some 150 MB while they are made. */
const stepsMax = 1_000
