/**
 * The formatting of words, taken at one place and given to others. Links, and marks that are no looks, stay
 * where they are. The kind and alignment of a block come along to blocks that are selected as a whole.
 */
import type { Mark, MarkType } from 'prosemirror-model'
import type { EditorState } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { selectedBlocks, writeAttributes } from '../../selected-blocks.ts'
import { isNode, type MarkName } from '../../shape.ts'
import { activeMarks } from '../marks/commands.ts'
import { addMark, removeMark } from '../marks/mark-steps.ts'

export interface Format {
  readonly marks: readonly Mark[]
  /** Attributes of the block; null where it was taken from what has none. */
  readonly block: Readonly<Record<string, unknown>> | null
}

const looks: ReadonlySet<string> = new Set<MarkName>([
  'bold',
  'italic',
  'underline',
  'strike',
  'code',
  'superscript',
  'subscript',
  'color',
  'highlight',
  'font',
  'font_size',
])

const isLook = ({ name }: MarkType): boolean => looks.has(name)

/** What the selected words, or those at the caret, look like. */
export function formatOf(state: EditorState): Format {
  const block = state.selection.$from.parent
  const { kind, level, align, tone } = block.attrs
  return {
    marks: activeMarks(state).filter(({ type }) => isLook(type)),
    block: isNode(block, 'block') ? { kind, level, align, tone } : null,
  }
}

/** Gives the selected words that look. False without words. */
export function giveFormat({ marks, block }: Format): Edit {
  return (tr) => {
    const { selection, doc } = tr
    if (selection.empty) return false
    const { $from, $to } = selection
    const isWhole = $from.parentOffset === 0 && $to.parentOffset === $to.parent.content.size
    for (const range of selection.ranges) {
      const [from, to] = [range.$from.pos, range.$to.pos]
      for (const type of Object.values(doc.type.schema.marks)) {
        if (isLook(type)) removeMark(tr, from, to, type)
      }
      for (const mark of marks) addMark(tr, from, to, mark)
    }
    if (block && isWhole) for (const { pos } of selectedBlocks(tr)) writeAttributes(tr, pos, block)
    return true
  }
}
