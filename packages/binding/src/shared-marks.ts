/**
 * Marks in the shared texts. The sync plugin's comparison takes two texts for equal when they have the
 * same words and as many marks, if those marks have no attributes: it never writes that a superscript
 * became a subscript. So marks are compared here, by name.
 *
 * Marks that may overlap with their own kind are stored under a hash and are left to the sync plugin.
 */
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { changedChildren } from './changed-children.ts'
import { nodesBetween, type PlacedText, textsOf } from './shared-places.ts'
import type { YBinding } from './y-prosemirror.ts'

const hashed = /--[a-zA-Z0-9+/=]{8}$/

/** The mark that an attribute of a shared text stands for. */
export const markNameOf = (attribute: string): string => attribute.replace(hashed, '')

export function isStoredByName(node: Node): boolean {
  return node.marks.every(({ type }) => type.excludes(type))
}

/** The marks of a text node as a shared text holds them. */
export function attributesOf(node: Node): Record<string, unknown> {
  return Object.fromEntries(
    node.marks
      .filter(({ type }) => type.excludes(type))
      .map(({ type, attrs }) => [type.name, attrs]),
  )
}

/** Makes the marks of a shared text those of its stretch of `block`. Writes only what differs; nothing when the words do. */
export function writeMarks({ text, start, length }: PlacedText, block: Node): void {
  const runs = text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]
  const nodes = nodesBetween(block, start, start + length)
  const words = nodes.map((node) => node.text ?? '').join('')
  if (runs.map(({ insert }) => insert).join('') !== words) return
  let at = 0
  let run = 0
  let runEnd = 0
  let node = 0
  let nodeEnd = 0
  while (at < words.length) {
    if (runEnd === at) runEnd += String(runs[run++]?.insert).length
    if (nodeEnd === at) nodeEnd += nodes[node++]?.nodeSize ?? 0
    const end = Math.min(runEnd, nodeEnd)
    const wanted = attributesOf(nodes[node - 1] as Node)
    const changes = changesBetween(runs[run - 1]?.attributes ?? {}, wanted)
    if (changes) text.format(at, end - at, changes)
    at = end
  }
}

/** Checks what a comparison wrote: the marks of all blocks that are not the same object before and after. */
export function mendMarks(binding: YBinding, before: Node, after: Node): void {
  const children = binding.type.toArray()
  if (children.length !== after.childCount) return
  const { left, right } = changedChildren(before, after)
  for (let i = left; i < after.childCount - right; i++) mendIn(binding, children[i], after.child(i))
}

function mendIn(binding: YBinding, element: unknown, node: Node): void {
  if (!(element instanceof Y.XmlElement) || node.isLeaf) return
  if (node.inlineContent) {
    for (const placed of textsOf(binding, element, node) ?? []) {
      if (placed.length > 0) writeMarks(placed, node)
    }
    return
  }
  const children = element.toArray()
  if (children.length !== node.childCount) return
  children.forEach((child, i) => mendIn(binding, child, node.child(i)))
}

/** What to write so that `has` becomes `wanted`; undefined when it is. */
function changesBetween(
  has: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const changes: Record<string, unknown> = {}
  for (const name of Object.keys(has)) {
    if (!(name in wanted) && !hashed.test(name)) changes[name] = null
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (!(name in has) || !isSame(has[name], value)) changes[name] = value
  }
  return Object.keys(changes).length > 0 ? changes : undefined
}

/** Attributes of marks are plain values. */
function isSame(a: unknown, b: unknown): boolean {
  const entries = (value: unknown) =>
    Object.entries((value ?? {}) as Record<string, unknown>).filter(([, one]) => one !== null)
  const ofB = new Map(entries(b))
  const ofA = entries(a)
  return ofA.length === ofB.size && ofA.every(([name, value]) => ofB.get(name) === value)
}
