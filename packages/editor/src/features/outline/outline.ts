/** The headings of a document, in order: what a table of contents shows. */
import type { Node } from 'prosemirror-model'
import { isNode } from '../../shape.ts'

export interface OutlineEntry {
  /** 1 to 6. */
  readonly level: number
  /** Without formatting; never empty. */
  readonly text: string
  /** Where the heading stands now; edits before it move it. */
  readonly pos: number
}

/** Costs a look at every block: ask after a pause, not with each key. Headings without words are left out. */
export function outlineOf(doc: Node): readonly OutlineEntry[] {
  const entries: OutlineEntry[] = []
  doc.forEach((block, pos) => {
    if (!isNode(block, 'block') || block.attrs['kind'] !== 'heading') return
    const text = block.textContent.trim()
    if (text !== '') entries.push({ level: Number(block.attrs['level'] ?? 1), text, pos })
  })
  return entries
}
