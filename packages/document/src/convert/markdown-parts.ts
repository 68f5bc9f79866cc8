/** What is read of Markdown before it is a document: blocks, and toggles with what belongs to them. */
import type { Node } from 'prosemirror-model'
import { indentMax } from '../schema/attributes.ts'
import type { BlockAttributes } from '../schema/block.ts'

/** A toggle that is open, and what was read in it so far. */
export interface OpenToggle {
  title: Node
  /** The line of the toggle is still to come, in Markdown of its own. */
  isTitleNext: boolean
  readonly blocks: Part[]
  /** How many lists it lies in. */
  readonly listDepth: number
}

/** A block, or a toggle with what belongs to it. */
export type Part = Node | { readonly title: Node; readonly blocks: readonly Part[] }

/** What a block of HTML says of a toggle: its beginning, perhaps with its words, or its words alone. */
export function toggleIn(html: string): { isOpening: boolean; title: string | undefined } | null {
  const [whole, opening, title] =
    /^\s*(<details(?: open(?:="")?)?>)?\s*(?:<summary>([^<]*?)(?:<\/summary>)?\s*)?$/.exec(html) ??
    []
  if (whole === undefined || (opening === undefined && title === undefined)) return null
  return { isOpening: opening !== undefined, title }
}

/** An empty `div` that breaks the page: as we write it, and as people do for other programs. */
export const isPageBreak = (html: string): boolean =>
  /^\s*<div style="(page-)?break-(after|before): ?(page|always);?">\s*<\/div>\s*$/.test(html)

/**
 * Indents as they are when a list that something else interrupts begins anew: an item is at most one
 * step deeper than the list before it, and a line is indented only inside of an item.
 */
export function withOpenLists(parts: readonly Part[]): Node[] {
  let open = 0
  return parts.flatMap((part) => {
    const isToggle = 'title' in part
    const block = isToggle ? part.title : part
    if (block.type.name !== 'block') {
      open = 0
      return block
    }
    const { kind, indent } = block.attrs as BlockAttributes
    if (kind === 'bullet' || kind === 'number' || kind === 'task') {
      const depth = Math.min(indent, open)
      open = depth + 1
      return withIndent(block, depth)
    }
    const isInItem = open > 0 && indent > 0
    if (!isInItem) open = 0
    else open = Math.min(open, indent)
    const line = withIndent(block, open)
    if (!isToggle) return line
    const base = open + 1
    const inner = withOpenLists(part.blocks).map((one) =>
      one.type.name === 'block'
        ? withIndent(one, Math.min(indentMax, one.attrs['indent'] + base))
        : one,
    )
    return [line, ...inner]
  })
}

const withIndent = (block: Node, indent: number): Node =>
  block.attrs['indent'] === indent
    ? block
    : block.type.create({ ...block.attrs, indent }, block.content, block.marks)
