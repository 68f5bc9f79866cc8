/**
 * The node and mark types the features work with, looked up once. The schema itself is
 * `@quire/document`'s; nothing here defines content.
 */
import { must } from '@quire/base'
import { schema } from '@quire/document'
import type { MarkType, NodeType } from 'prosemirror-model'

const node = (name: string): NodeType => must(schema.nodes[name], `no node ${name} in the schema`)
const mark = (name: string): MarkType => must(schema.marks[name], `no mark ${name} in the schema`)

export const nodes: {
  readonly block: NodeType
  readonly codeBlock: NodeType
  readonly image: NodeType
  readonly table: NodeType
  readonly tableRow: NodeType
  readonly tableCell: NodeType
  readonly divider: NodeType
  readonly hardBreak: NodeType
} = {
  block: node('block'),
  codeBlock: node('code_block'),
  image: node('image'),
  table: node('table'),
  tableRow: node('table_row'),
  tableCell: node('table_cell'),
  divider: node('divider'),
  hardBreak: node('hard_break'),
}

export const marks: {
  readonly bold: MarkType
  readonly italic: MarkType
  readonly underline: MarkType
  readonly strike: MarkType
  readonly code: MarkType
  readonly superscript: MarkType
  readonly subscript: MarkType
  readonly color: MarkType
  readonly highlight: MarkType
  readonly link: MarkType
} = {
  bold: mark('bold'),
  italic: mark('italic'),
  underline: mark('underline'),
  strike: mark('strike'),
  code: mark('code'),
  superscript: mark('superscript'),
  subscript: mark('subscript'),
  color: mark('color'),
  highlight: mark('highlight'),
  link: mark('link'),
}

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
