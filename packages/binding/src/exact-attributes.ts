/** Writes attributes of many nodes to the shared document, in one way through both: each at its own element. */
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import type { AttributesStep } from './attributes-step.ts'
import type { SharedType, YBinding } from './y-prosemirror.ts'

interface Found {
  readonly element: Y.XmlElement
  readonly after: Node
}

/**
 * Whether the step was written: nothing is, unless every element on the way shows the very node that the
 * step was made on. Afterwards the mapping has the nodes of `after`. Call it inside `binding.mux` and a
 * shared transaction.
 */
export function writeAttributesOfMany(
  binding: YBinding,
  { changes }: AttributesStep,
  before: Node,
  after: Node,
): boolean {
  const { mapping, type } = binding
  const nodes: Found[] = []
  const around: Found[] = []
  let next = 0
  const find = (parent: Y.XmlFragment, was: Node, now: Node, start: number): boolean => {
    const children = parent.toArray() as SharedType[]
    // In a line, texts and nodes are not one to one.
    if (was.inlineContent || children.length !== was.childCount) return false
    let pos = start
    for (const [i, child] of was.children.entries()) {
      const end = pos + child.nodeSize
      const element = children[i]
      const mine = (changes[next]?.pos ?? end) < end
      if (mine) {
        if (!(element instanceof Y.XmlElement) || mapping.get(element) !== child) return false
        if (child.type.spec['isPlaceholder'] === true) return false
        const found = { element, after: now.child(i) }
        if (changes[next]?.pos === pos) {
          nodes.push(found)
          next += 1
        } else around.push(found)
        const isInside = (changes[next]?.pos ?? end) < end
        if (isInside && !find(element, child, now.child(i), pos + 1)) return false
      }
      pos = end
    }
    return true
  }
  if (!find(type, before, after, 0) || next < changes.length) return false
  nodes.forEach(({ element }, i) => {
    for (const [name, value] of Object.entries(changes[i]?.attributes ?? {})) {
      if (value === null) element.removeAttribute(name)
      else element.setAttribute(name, value as string)
    }
  })
  mapping.set(type, after)
  for (const { element, after: node } of [...around, ...nodes]) mapping.set(element, node)
  return true
}
