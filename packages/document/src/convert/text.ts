/** Documents as plain text: one line for each block, tabs between the cells of a table, nothing that people did not write. */
import type { Node } from 'prosemirror-model'
import { lockedWords } from '../schema/nodes.ts'

/** The text of a document of the schema, without a line feed at the end. */
export function plainTextOf(doc: Node): string {
  return doc.children.map(linesOf).join('\n')
}

function linesOf(node: Node): string {
  switch (node.type.name) {
    case 'table':
      return node.children.map(linesOf).join('\n')
    case 'table_row':
      return node.children.map(linesOf).join('\t')
    case 'table_cell':
      return node.children.map(linesOf).join(' ')
    case 'locked':
      return lockedWords
    case 'image':
      return (node.attrs['alt'] as string | null) ?? ''
    default:
      return node.isTextblock
        ? node.textBetween(0, node.content.size, '\n', leafText)
        : leafText(node)
  }
}

const leafText = (leaf: Node): string => leaf.type.spec.leafText?.(leaf) ?? ''
