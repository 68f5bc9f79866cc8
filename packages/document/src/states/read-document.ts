/**
 * Trees as nodes of the schema, for exports and search. Never refuses: what the schema does not know,
 * or would not allow where it stands, is shown by its text, so an export loses formatting and no words.
 * Is not for editing: whoever edits what this reads would remove what it does not show.
 */
import { Fragment, type Mark, type Node, type NodeType } from 'prosemirror-model'
import { schema } from '../schema.ts'
import type { ElementPart, Part, TextRun } from './content-tree.ts'
import { markNameOf } from './tree-json.ts'

/** The document that `parts` say, as the schema has it. Valid, whatever they are. */
export function documentOf(parts: readonly Part[]): Node {
  const { doc } = schema.nodes
  if (!doc) throw new TypeError('the schema has no document')
  const content = fitted(doc, parts)
  return doc.create(null, content.length > 0 ? content : [schema.node('block')])
}

/** The children of a node of `parent`, as it allows them. */
function fitted(parent: NodeType, parts: readonly Part[]): Node[] {
  const nodes: Node[] = []
  /** Text that stands where blocks should. */
  let loose: Node[] = []
  const close = (): void => {
    if (loose.length > 0) nodes.push(...placed(parent, schema.node('block', null, loose)))
    loose = []
  }
  for (const node of parts.flatMap((part) => nodesOf(parent, part))) {
    if (node.isInline && !parent.inlineContent) loose.push(node)
    else {
      close()
      nodes.push(...placed(parent, node))
    }
  }
  close()
  return nodes
}

/** `node` where it may stand, wrapped if need be; else its words. */
function placed(parent: NodeType, node: Node): Node[] {
  // All content of the schema but the document's is "any number of", so what fits at the start fits everywhere.
  const { contentMatch } = parent
  if (contentMatch.matchType(node.type) && !node.isInline) return [node]
  if (parent.inlineContent) {
    return inlineOf(node)
      .filter(({ type }) => contentMatch.matchType(type) !== null)
      .map((inline) => inline.mark(parent.allowedMarks(inline.marks)))
  }
  const wrappers = contentMatch.findWrapping(node.type)
  if (wrappers) return [wrappers.reduceRight((inner, type) => type.create(null, inner), node)]
  return linesOf(node).flatMap((line) => (line.type === node.type ? [] : placed(parent, line)))
}

function nodesOf(parent: NodeType, part: Part): Node[] {
  if (part.kind === 'text') return part.runs.flatMap((run) => textNode(parent, run))
  const type = schema.nodes[part.name]
  const inside = (): Node[] => part.children.flatMap((child) => nodesOf(parent, child))
  // Unknown, or a second document: what is in it, in its place.
  if (!type || type.isText || type === schema.topNodeType) return inside()
  const attrs = attributesOf(type, part)
  if (type.isLeaf) return [type.create(attrs), ...inside()]
  return [type.create(attrs, Fragment.from(fitted(type, part.children)))]
}

function textNode(parent: NodeType, { text, marks }: TextRun): Node[] {
  if (text === '') return []
  const set = Object.entries(marks).flatMap(([name, value]) => markOf(name, value))
  return [
    schema.text(
      text,
      parent.allowedMarks(set.reduce((all, mark) => mark.addToSet(all), [] as readonly Mark[])),
    ),
  ]
}

function markOf(stored: string, value: unknown): Mark[] {
  const type = schema.marks[stored] ?? schema.marks[markNameOf(stored)]
  if (!type) return []
  try {
    const mark = type.create(typeof value === 'object' ? value : null)
    for (const [name, { validate }] of Object.entries(type.spec.attrs ?? {})) {
      if (typeof validate === 'function') validate(mark.attrs[name])
    }
    return [mark]
  } catch (error) {
    // A value that the schema refuses: the text stays, the mark does not.
    if (error instanceof RangeError) return []
    throw error
  }
}

/** The attributes that the schema takes; its default for others. */
function attributesOf(type: NodeType, { attributes }: ElementPart): Record<string, unknown> {
  const taken: Record<string, unknown> = {}
  for (const [name, { validate }] of Object.entries(type.spec.attrs ?? {})) {
    const value = attributes[name]
    if (value === undefined) continue
    try {
      if (typeof validate === 'function') validate(value)
      taken[name] = value
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
  }
  return taken
}

/** Inline content of a node that stands where only inline content may. */
function inlineOf(node: Node): Node[] {
  if (node.isInline) return [node]
  return node.children.flatMap(inlineOf)
}

/** The text of a node that may not stand where it does, in blocks. */
function linesOf(node: Node): Node[] {
  if (node.isTextblock) return [schema.node('block', null, node.children.flatMap(inlineOf))]
  return node.children.flatMap(linesOf)
}
