/** What the toolbar shows, read from an editor state at most once per frame. Costs the same in a long document as in a short one. */
import type { Node } from 'prosemirror-model'
import { type EditorState, NodeSelection } from 'prosemirror-state'
import { isInTable } from 'prosemirror-tables'
import { activeMarks } from '../marks/commands.ts'
import { type Align, type BlockKind, indentMax, isMark, isNode } from '../../shape.ts'
import { selectedLink } from '../links/commands.ts'

export interface ToolbarState {
  /** The kind of the first selected text block; `code` for a code block, null where there is none. */
  readonly kind: BlockKind | 'code' | null
  readonly level: number | null
  readonly align: Align | null
  readonly indent: number
  readonly canOutdent: boolean
  readonly canIndent: boolean
  /** Names of the marks that are on. */
  readonly marks: ReadonlySet<string>
  readonly color: string | null
  readonly highlight: string | null
  /** The family; null is that of the document. */
  readonly font: string | null
  /** Marks are allowed where the selection is. */
  readonly canFormat: boolean
  readonly isLink: boolean
  readonly isInTable: boolean
}

export function readToolbarState(state: EditorState): ToolbarState {
  const { selection } = state
  const block = firstTextblock(state)
  const attrs = isNode(block, 'block') ? block.attrs : null
  const active = activeMarks(state)
  const indent = Number(attrs?.['indent'] ?? 0)
  const valueOf = (name: 'color' | 'highlight' | 'font', attribute = 'color'): string | null => {
    const mark = active.find((one) => isMark(one, name))
    return mark ? String(mark.attrs[attribute]) : null
  }
  return {
    kind: attrs ? (attrs['kind'] as BlockKind) : isNode(block, 'code_block') ? 'code' : null,
    level: (attrs?.['level'] as number | null | undefined) ?? null,
    align: (attrs?.['align'] as Align | null | undefined) ?? null,
    indent,
    canOutdent: attrs !== null && indent > 0,
    canIndent: attrs !== null && indent < indentMax,
    marks: new Set(active.map(({ type }) => type.name)),
    color: valueOf('color'),
    highlight: valueOf('highlight'),
    font: valueOf('font', 'family'),
    canFormat: attrs !== null && !(selection instanceof NodeSelection),
    isLink: selectedLink(state) !== null,
    isInTable: isInTable(state),
  }
}

/** The first text block of the selection, also when cells are selected. */
function firstTextblock({ doc, selection }: EditorState): Node | null {
  const { parent } = selection.$from
  if (parent.isTextblock) return parent
  let found: Node | null = null
  doc.nodesBetween(selection.from, selection.to, (node) => {
    if (!found && node.isTextblock) found = node
    return found === null
  })
  return found
}
