/**
 * The node and mark types the features work with, by name. The schema itself is `@quire/document`'s
 * and, with features that bring types of their own, another object in each editor: a type is asked of
 * the document at hand and never kept.
 */
import { must } from '@quire/base'
import type { Mark, MarkType, Node, NodeType } from 'prosemirror-model'

export type NodeName =
  | 'block'
  | 'code_block'
  | 'image'
  | 'table'
  | 'table_row'
  | 'table_cell'
  | 'divider'
  | 'page_break'
  | 'math_inline'
  | 'math_block'
  | 'hard_break'

export type MarkName = PlainMark | 'color' | 'highlight' | 'font' | 'font_size' | 'link'

/** A state, a transaction or a place: whatever has a document. */
interface InDocument {
  readonly doc: Node
}

/** Whether this is a node of that type. */
export function isNode(node: Node, name: NodeName): boolean
export function isNode(node: Node | null | undefined, name: NodeName): node is Node
export function isNode(node: Node | null | undefined, name: NodeName): boolean {
  return node?.type.name === name
}

export const isMark = (mark: Mark, name: MarkName): boolean => mark.type.name === name

/** The type of that name in the document at hand. */
export const nodeTypeIn = ({ doc }: InDocument, name: NodeName): NodeType =>
  must(doc.type.schema.nodes[name], `no node ${name} in the schema`)

export const markTypeIn = ({ doc }: InDocument, name: MarkName): MarkType =>
  must(doc.type.schema.marks[name], `no mark ${name} in the schema`)

/** The marks that are on or off and carry nothing. */
export type PlainMark =
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strike'
  | 'code'
  | 'superscript'
  | 'subscript'

export type { Align, BlockAttributes, BlockKind, Tone } from '@quire/document'
export { indentMax } from '@quire/document'

const listKinds: ReadonlySet<unknown> = new Set(['bullet', 'number', 'task'])

/** Whether a kind is one of the three list items. */
export function isListKind(kind: unknown): boolean {
  return listKinds.has(kind)
}
