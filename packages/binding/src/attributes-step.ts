/**
 * Attributes of many nodes as one step. A transaction keeps the document before each of its steps, and a
 * document is at least the list of its blocks: a step for each of 20,000 blocks would keep some 3 GB.
 *
 * 1. It is to `AttrStep` what one step is to many: the same result, the same undo, nothing moves.
 * 2. It fails as a whole where one of the nodes is not there.
 */
import { Fragment, type Node, type Schema } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { type Mappable, Step, StepResult } from 'prosemirror-transform'

export interface AttributesAt {
  /** Of the node, in the document that is changed. */
  readonly pos: number
  /** Only those that become others. */
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Beyond this many one step is cheaper than one for each; up to it, others may know the steps by their type. */
const eachMax = 64

/** Sets attributes of these nodes: as ProseMirror's own steps while they are few. `changes` in rising order, at most one for a node. */
export function setAttributesOfMany(
  tr: Transaction,
  changes: readonly AttributesAt[],
): Transaction {
  if (changes.length > eachMax) return tr.step(new AttributesStep(changes))
  for (const { pos, attributes } of changes) {
    for (const [name, value] of Object.entries(attributes)) tr.setNodeAttribute(pos, name, value)
  }
  return tr
}

export class AttributesStep extends Step {
  readonly changes: readonly AttributesAt[]

  /** `changes` in rising order, at most one for a node. */
  constructor(changes: readonly AttributesAt[]) {
    super()
    this.changes = changes
  }

  override apply(doc: Node): StepResult {
    let isWhole = true
    const changed = mapNodes(doc, this.changes, (node, { attributes }) => {
      if (!node || node.isText) isWhole = false
      else return node.type.create({ ...node.attrs, ...attributes }, node.content, node.marks)
      return null
    })
    return isWhole ? StepResult.ok(changed) : StepResult.fail('No node at the given position')
  }

  override invert(doc: Node): AttributesStep {
    const old: AttributesAt[] = []
    mapNodes(doc, this.changes, (node, { pos, attributes }) => {
      const names = Object.keys(attributes)
      const values = names.map((name) => [name, node?.attrs[name] as unknown])
      old.push({ pos, attributes: Object.fromEntries(values) })
      return null
    })
    return new AttributesStep(old)
  }

  override map(mapping: Mappable): AttributesStep | null {
    const left: AttributesAt[] = []
    for (const { pos, attributes } of this.changes) {
      const at = mapping.mapResult(pos, 1)
      if (!at.deletedAfter) left.push({ pos: at.pos, attributes })
    }
    return left.length > 0 ? new AttributesStep(left) : null
  }

  override toJSON(): unknown {
    return { stepType: 'quireAttributes', changes: this.changes }
  }

  static override fromJSON(_schema: Schema, json: unknown): AttributesStep {
    const { changes } = json as { readonly changes?: unknown }
    if (!Array.isArray(changes) || !changes.every(isAttributesAt)) {
      throw new RangeError('Invalid input for AttributesStep.fromJSON')
    }
    return new AttributesStep(changes)
  }
}

Step.jsonID('quireAttributes', AttributesStep)

function isAttributesAt(value: unknown): value is AttributesAt {
  const { pos, attributes } = (value ?? {}) as { pos?: unknown; attributes?: unknown }
  return typeof pos === 'number' && typeof attributes === 'object' && attributes !== null
}

/** One way through the document: what `replace` makes of each of these nodes, null where it stays. A place without a node is told, too. */
function mapNodes(
  doc: Node,
  changes: readonly AttributesAt[],
  replace: (node: Node | null, change: AttributesAt) => Node | null,
): Node {
  let next = 0
  const inside = (parent: Node, start: number): Node => {
    const children: Node[] = []
    let pos = start
    let isSame = true
    for (const child of parent.children) {
      let now = child
      for (; ; next++) {
        const change = changes[next]
        if (!change || change.pos > pos) break
        now = replace(change.pos === pos ? child : null, change) ?? now
      }
      const end = pos + child.nodeSize
      const isInside = (changes[next]?.pos ?? end) < end && !child.isLeaf
      if (isInside) now = inside(now, pos + 1)
      isSame &&= now === child
      children.push(now)
      pos = end
    }
    return isSame ? parent : parent.copy(Fragment.fromArray(children))
  }
  const changed = inside(doc, 0)
  for (; next < changes.length; next++) replace(null, changes[next] as AttributesAt)
  return changed
}
