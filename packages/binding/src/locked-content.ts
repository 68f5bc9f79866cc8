/**
 * What a binding shows that is locked as a whole: the document as far as this schema knows it, read-only,
 * with a line in the place of each part that it does not know. Built from the shared document and never
 * written back.
 */
import type { Mark, Node, Schema } from 'prosemirror-model'
import * as Y from 'yjs'
import { placeholderType } from './schema-guard.ts'

/** Shown in the place of a part that cannot be shown. */
export const lockedText = 'This part was made with a newer version.'

export function lockedContent(fragment: Y.XmlFragment, schema: Schema): Node {
  const children = childrenOf(fragment, schema)
  const filled = schema.topNodeType.createAndFill() as Node
  if (children.length === 0) return filled
  try {
    return schema.topNodeType.createChecked(null, children)
  } catch {
    // A part that is known but stands where it may not: the rest is shown without structure.
    return schema.topNodeType.createChecked(null, [placeholder(schema)])
  }
}

function placeholder(schema: Schema): Node {
  const own = placeholderType(schema)
  if (own) return own.create()
  const type = schema.topNodeType.contentMatch.defaultType
  return type?.inlineContent
    ? type.create(null, schema.text(lockedText))
    : (type?.createAndFill() as Node)
}

function childrenOf(parent: Y.XmlFragment, schema: Schema): Node[] {
  return parent.toArray().flatMap((child) => {
    if (child instanceof Y.XmlText) return textsOf(child, schema)
    if (!(child instanceof Y.XmlElement)) return []
    const node = nodeOf(child, schema)
    if (node) return [node]
    return parent instanceof Y.XmlElement && schema.nodes[parent.nodeName]?.inlineContent
      ? [schema.text(lockedText)]
      : [placeholder(schema)]
  })
}

function nodeOf(element: Y.XmlElement, schema: Schema): Node | undefined {
  const type = Object.hasOwn(schema.nodes, element.nodeName)
    ? schema.nodes[element.nodeName]
    : undefined
  if (!type) return undefined
  try {
    return type.createChecked(element.getAttributes(), childrenOf(element, schema))
  } catch {
    return undefined // shown as a part that cannot be shown
  }
}

function textsOf(text: Y.XmlText, schema: Schema): Node[] {
  const runs = text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]
  return runs.flatMap(({ insert, attributes }) =>
    typeof insert === 'string' && insert !== ''
      ? [schema.text(insert, marksOf(attributes ?? {}, schema))]
      : [],
  )
}

function marksOf(attributes: Record<string, unknown>, schema: Schema): readonly Mark[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    const type = Object.hasOwn(schema.marks, name) ? schema.marks[name] : undefined
    try {
      return type ? [type.create(value as Record<string, unknown>)] : []
    } catch {
      return [] // a mark without what it needs; its text is shown plain
    }
  })
}
