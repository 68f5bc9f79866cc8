/**
 * Promise P4: nobody deletes what they do not understand. The sync plugin removes, for everybody,
 * whatever it cannot show. So before it looks at content, the guard does: a node, mark or attribute
 * that the schema does not have, a value that it would refuse, or a node in a place where it may not
 * stand, locks the binding.
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
  checkAttributes(type, element.getAttributes(), found)
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
      checkAttributes(type, value, found)
    }
  }
}

/** Whether a node or mark can be made with these attributes, and none is left over. */
function checkAttributes(type: NodeType | MarkType, attributes: unknown, found: Set<string>): void {
  const values = (
    typeof attributes === 'object' && attributes !== null ? attributes : {}
  ) as Record<string, unknown>
  const known = type.spec.attrs ?? {}
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(known, name)) found.add(`attribute ${name} of ${type.name}`)
  }
  try {
    // The one who knows: it calls the `validate` of each attribute.
    type.create(values)
  } catch {
    found.add(culpritOf(type, values))
  }
}

function culpritOf(type: NodeType | MarkType, values: Readonly<Record<string, unknown>>): string {
  for (const [name, spec] of Object.entries(type.spec.attrs ?? {})) {
    const value = values[name]
    if (value === undefined) {
      if (!('default' in spec)) return `${type.name} without ${name}`
      continue
    }
    const rest = Object.fromEntries(Object.entries(values).filter(([other]) => other !== name))
    if (!('default' in spec) || canMake(type, rest)) {
      return `${name} ${String(JSON.stringify(value)).slice(0, 40)} of ${type.name}`
    }
  }
  return `attributes of ${type.name}`
}

function canMake(type: NodeType | MarkType, values: Readonly<Record<string, unknown>>): boolean {
  try {
    type.create(values)
    return true
  } catch {
    return false
  }
}
