/** Links as a mark: set, find, remove. Which addresses are allowed is `safe-href.ts`'s answer. */
import type { Mark } from 'prosemirror-model'
import { TextSelection, type EditorState } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { isMark, markTypeIn } from '../../shape.ts'
import { hrefFrom } from './safe-href.ts'

export interface LinkRange {
  readonly from: number
  readonly to: number
  readonly href: string
}

/** The link around or touching `pos`, as far as the same address reaches. */
export function linkAround(state: Pick<EditorState, 'doc'>, pos: number): LinkRange | null {
  const $pos = state.doc.resolve(pos)
  const { parent } = $pos
  if (!parent.isTextblock) return null
  const at = $pos.index()
  const candidates = $pos.textOffset === 0 ? [at, at - 1] : [at]
  for (const index of candidates) {
    const link = linkOf(index)
    if (!link) continue
    let first = index
    let last = index
    while (linkOf(first - 1)?.eq(link)) first -= 1
    while (linkOf(last + 1)?.eq(link)) last += 1
    let from = $pos.start()
    for (let i = 0; i < first; i += 1) from += parent.child(i).nodeSize
    let to = from
    for (let i = first; i <= last; i += 1) to += parent.child(i).nodeSize
    return { from, to, href: String(link.attrs['href']) }
  }
  return null

  function linkOf(index: number): Mark | undefined {
    if (index < 0 || index >= parent.childCount) return undefined
    return parent.child(index).marks.find((mark) => isMark(mark, 'link'))
  }
}

/** The link the selection is in; null when it reaches out of one. */
export function selectedLink(state: Pick<EditorState, 'doc' | 'selection'>): LinkRange | null {
  const { from, to, $from } = state.selection
  const link = linkAround(state, from)
  if (!link || to > link.to) return null
  // A selection that begins where a link ends is not in it.
  if (from !== to && from === link.to) return null
  return $from.sameParent(state.selection.$to) ? link : null
}

/** Links `from`–`to` to `href`; writes `text` there first when it differs. An empty range without text gets the address as its text. */
export function linkRange(from: number, to: number, href: string, text = ''): Edit {
  return (tr) => {
    const safe = hrefFrom(href)
    if (!safe) return false
    const type = markTypeIn(tr, 'link')
    let end = to
    const written = text || (from === to ? href.trim() : '')
    if (written && written !== tr.doc.textBetween(from, to)) {
      const kept = tr.doc.resolve(from).marksAcross(tr.doc.resolve(to)) ?? []
      tr.replaceWith(from, to, type.schema.text(written, kept))
      end = from + written.length
    }
    tr.removeMark(from, end, type)
    tr.addMark(from, end, type.create({ href: safe }))
    tr.setSelection(TextSelection.create(tr.doc, end))
    tr.removeStoredMark(type)
    return true
  }
}

/** Removes links from the selection, or the link around the caret. */
export const unlink: Edit = (tr) => {
  const { from, to, empty } = tr.selection
  const range = empty ? linkAround(tr, from) : { from, to }
  if (!range) return false
  tr.removeMark(range.from, range.to, markTypeIn(tr, 'link'))
  return true
}
