/** How pasted blocks meet the block at the caret. */
import { Slice } from 'prosemirror-model'
import type { EditorState } from 'prosemirror-state'
import { isNode } from '../../shape.ts'

/**
 * Into an empty paragraph what is pasted comes as what it is: its first block keeps its kind. Into text
 * it joins the block that is there.
 */
export function asItself(slice: Slice, { selection }: Pick<EditorState, 'selection'>): Slice {
  const { $from, empty } = selection
  const { parent } = $from
  const first = slice.content.firstChild
  const isEmptyParagraph =
    empty &&
    isNode(parent, 'block') &&
    parent.attrs['kind'] === 'paragraph' &&
    parent.childCount === 0
  if (!isEmptyParagraph || first === null) return slice
  if (!isNode(first, 'block') || first.attrs['kind'] === 'paragraph') {
    return slice
  }
  return new Slice(slice.content, 0, slice.openEnd)
}
