/**
 * Promise P4: nobody deletes what they do not understand. The sync plugin removes, for everybody,
 * whatever it cannot show. So before it looks at content, the guard does: a node, mark or attribute
 * that the schema does not have, or that it would refuse in its place, locks the binding.
 *
 * 1. Looking changes nothing.
 * 2. Of a change only what is new or touched is looked at.
 */
import type { MarkType, NodeType, Schema } from 'prosemirror-model'
import * as Y from 'yjs'

/** Overlapping marks are stored under their name and a hash. */
const hashed = /^(.*)--[a-zA-Z0-9+/=]{8}$/

/** What of a fragment this schema does not know, as readable names. Empty: everything is known. */
export function unknownIn(fragment: Y.XmlFragment, schema: Schema): string[] {
  const found = new Set<string>()
  checkChildren(fragment, schema.topNodeType, schema, found, () => true)
  return [...found]
}

/** What a change that has just been applied brought that this schema does not know. Call it before observers run. */
export function unknownInChange(
  transaction: Y.Transaction,
  fragment: Y.XmlFragment,
  schema: Schema,
): string[] {
  const found = new Set<string>()
  const isNew = (child: Y.AbstractType<unknown>): boolean => {
    const id = child._item?.id
    return !!id && id.clock >= (transaction.beforeState.get(id.client) ?? 0)
  }
  for (const type of transaction.changed.keys() as Iterable<unknown>) {
    if (!isInside(type, fragment)) continue
    if (type instanceof Y.XmlText) checkText(type, schema, found)
    else if (type instanceof Y.XmlElement) checkElement(type, schema, found, isNew)
    else if (type === fragment) checkChildren(fragment, schema.topNodeType, schema, found, isNew)
    else found.add('an unknown shared type')
  }
  return [...found]
}

function isInside(type: unknown, fragment: Y.XmlFragment): boolean {
  let at: unknown = type
  while (at instanceof Y.AbstractType) {
    if (at === fragment) return true
    if (at._item?.deleted) return false
    at = at._item?.parent
  }
  return false
}

type Wanted = (child: Y.AbstractType<unknown>) => boolean

function checkElement(
  element: Y.XmlElement,
  schema: Schema,
  found: Set<string>,
  wanted: Wanted,
): void {
  const type = Object.hasOwn(schema.nodes, element.nodeName)
    ? schema.nodes[element.nodeName]
    : undefined
  if (!type) {
    found.add(`node ${element.nodeName}`)
    return
  }
  const values = element.getAttributes() as Record<string, unknown>
  const known = type.spec.attrs ?? {}
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(known, name)) found.add(`attribute ${name} of ${element.nodeName}`)
  }
  for (const [name, spec] of Object.entries(known)) {
    if (!('default' in spec) && values[name] === undefined) {
      found.add(`${element.nodeName} without ${name}`)
    }
  }
  checkChildren(element, type, schema, found, wanted)
}

function checkChildren(
  parent: Y.XmlFragment,
  type: NodeType,
  schema: Schema,
  found: Set<string>,
  wanted: Wanted,
): void {
  for (const child of parent.toArray()) {
    if (!wanted(child as Y.AbstractType<unknown>)) continue
    if (child instanceof Y.XmlText) {
      if (child.length > 0 && !type.inlineContent) found.add(`text in ${type.name}`)
      else checkText(child, schema, found)
    } else if (child instanceof Y.XmlElement) {
      const childType = Object.hasOwn(schema.nodes, child.nodeName)
        ? schema.nodes[child.nodeName]
        : undefined
      // Every content expression is a repetition of choices, so a child's place does not matter.
      if (childType && !type.contentMatch.matchType(childType)) {
        found.add(`${child.nodeName} in ${type.name}`)
      }
      checkElement(child, schema, found, () => true)
    } else {
      found.add('an unknown shared type')
    }
  }
}

function checkText(text: Y.XmlText, schema: Schema, found: Set<string>): void {
  for (const { insert, attributes } of text.toDelta() as {
    insert: unknown
    attributes?: Record<string, unknown>
  }[]) {
    if (typeof insert !== 'string') found.add('an object in a text')
    for (const [name, value] of Object.entries(attributes ?? {})) {
      const markName = hashed.exec(name)?.[1] ?? name
      const type: MarkType | undefined = Object.hasOwn(schema.marks, markName)
        ? schema.marks[markName]
        : undefined
      if (!type) {
        found.add(`mark ${markName}`)
        continue
      }
      const known = type.spec.attrs ?? {}
      const values = (typeof value === 'object' && value !== null ? value : {}) as Record<
        string,
        unknown
      >
      for (const attribute of Object.keys(values)) {
        if (!Object.hasOwn(known, attribute)) found.add(`attribute ${attribute} of ${markName}`)
      }
      for (const [attribute, spec] of Object.entries(known)) {
        if (!('default' in spec) && values[attribute] === undefined) {
          found.add(`${markName} without ${attribute}`)
        }
      }
    }
  }
}
