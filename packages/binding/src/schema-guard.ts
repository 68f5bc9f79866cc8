/**
 * Promise P4: nobody deletes what they do not understand. The sync plugin removes, for everybody,
 * whatever it cannot show. So before it looks at content, the guard does, for what is *unknown*: a node,
 * mark or attribute that the schema does not have, a value that it would refuse, or a node in a place
 * where it may not stand. Around each such thing it names the smallest block that can be locked whole.
 *
 * 1. Looking changes nothing.
 * 2. Of a change only what is new or touched is looked at, until something unknown is found.
 * 3. A block with an unknown attribute is unknown: it could be kept while people type in the block, but
 *    not when the block is dragged, which writes it anew.
 */
import type { MarkType, NodeType, Schema } from 'prosemirror-model'
import * as Y from 'yjs'
import { newItemsIn } from './signs.ts'

/** Overlapping marks are stored under their name and a hash. */
const hashed = /^(.*)--[a-zA-Z0-9+/=]{8}$/

/** What is to be locked, so that all the rest is known. */
export interface Unknown {
  /** Each block that is to be locked, with the names of what is not known in it. None lies in another. */
  readonly blocks: ReadonlyMap<Y.XmlElement, readonly string[]>
  /** Names of what lies in no block that could be locked. */
  readonly rest: readonly string[]
}

/** The node that stands in for a locked block; undefined when the schema has none. */
export function placeholderType(schema: Schema): NodeType | undefined {
  return Object.values(schema.nodes).find(({ spec }) => spec['isPlaceholder'] === true)
}

/** What of these children of the root the schema does not know. */
export function unknownAmong(children: readonly unknown[], schema: Schema): Unknown {
  const blocks = new Map<Y.XmlElement, readonly string[]>()
  const placeholder = placeholderType(schema)
  /** Names of what is not known in a child and has not been locked. */
  const lockIn = (child: unknown, parentType: NodeType): Set<string> => {
    const found = new Set<string>()
    checkChild(child, parentType, schema, found)
    if (found.size === 0 && child instanceof Y.XmlElement) {
      const type = schema.nodes[child.nodeName] as NodeType
      for (const inner of child.toArray()) {
        for (const name of lockIn(inner, type)) found.add(name)
      }
    }
    const isLockable =
      child instanceof Y.XmlElement && placeholder && parentType.contentMatch.matchType(placeholder)
    if (found.size === 0 || !isLockable) return found
    for (const locked of [...blocks.keys()]) if (isInside(locked, child)) blocks.delete(locked)
    blocks.set(child, [...found])
    return new Set()
  }
  const rest = new Set<string>()
  for (const child of children) {
    for (const name of lockIn(child, schema.topNodeType)) rest.add(name)
  }
  return { blocks, rest: [...rest] }
}

/** What a change that has just been applied brought that this schema does not know. Call it before observers run. */
export function unknownInChange(
  transaction: Y.Transaction,
  fragment: Y.XmlFragment,
  schema: Schema,
): string[] {
  const found = new Set<string>()
  for (const type of transaction.changed.keys() as Iterable<unknown>) {
    if (!isInside(type, fragment)) continue
    if (type instanceof Y.XmlText) checkText(type, schema, found)
    else if (type instanceof Y.XmlElement) checkElement(type, transaction, schema, found)
    else if (type === fragment) {
      checkChildren(newChildrenOf(transaction, fragment), schema.topNodeType, schema, found)
    } else found.add('an unknown shared type')
  }
  return [...found]
}

/** Whether a type is `fragment` or lies in it, and nothing around it has been deleted. */
function isInside(type: unknown, fragment: Y.XmlFragment): boolean {
  let at: unknown = type
  while (at instanceof Y.AbstractType) {
    if (at === fragment) return true
    if (at._item?.deleted) return false
    at = at._item?.parent
  }
  return false
}

function newChildrenOf(transaction: Y.Transaction, parent: Y.XmlFragment): unknown[] {
  return newItemsIn(transaction, parent).map(({ content }) => (content as Y.ContentType).type)
}

/** Looks at an element and, of its children, at those that are new, with all that is in them. */
function checkElement(
  element: Y.XmlElement,
  transaction: Y.Transaction,
  schema: Schema,
  found: Set<string>,
): void {
  const type = knownType(element, schema)
  if (!type) {
    found.add(`node ${element.nodeName}`)
    return
  }
  checkAttributes(type, element.getAttributes(), found)
  checkChildren(newChildrenOf(transaction, element), type, schema, found)
}

function checkChildren(
  children: readonly unknown[],
  type: NodeType,
  schema: Schema,
  found: Set<string>,
): void {
  for (const child of children) {
    checkChild(child, type, schema, found)
    const known = child instanceof Y.XmlElement && knownType(child, schema)
    if (known) checkChildren(child.toArray(), known, schema, found)
  }
}

/** Looks at a child of a node of `parentType` without its own children. */
function checkChild(
  child: unknown,
  parentType: NodeType,
  schema: Schema,
  found: Set<string>,
): void {
  if (child instanceof Y.XmlText) {
    if (parentType.inlineContent) checkText(child, schema, found)
    else if (child.length > 0 || parentType === schema.topNodeType)
      found.add(`text in ${parentType.name}`)
  } else if (child instanceof Y.XmlElement) {
    const type = knownType(child, schema)
    if (!type) {
      found.add(`node ${child.nodeName}`)
      return
    }
    // Every content expression is a repetition of choices, so a child's place does not matter.
    if (!parentType.contentMatch.matchType(type))
      found.add(`${child.nodeName} in ${parentType.name}`)
    checkAttributes(type, child.getAttributes(), found)
  } else {
    found.add('an unknown shared type')
  }
}

/** A placeholder is not content: one that was stored is not known. */
function knownType({ nodeName }: Y.XmlElement, schema: Schema): NodeType | undefined {
  const type = Object.hasOwn(schema.nodes, nodeName) ? schema.nodes[nodeName] : undefined
  return type?.spec['isPlaceholder'] === true ? undefined : type
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
