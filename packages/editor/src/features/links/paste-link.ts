/** Pasting an address: over a selection it becomes its link; alone it becomes a link with itself as text. */
import { Plugin } from 'prosemirror-state'
import { isMark, markTypeIn } from '../../shape.ts'
import { hrefFrom, isPastedLink } from './safe-href.ts'

export function pasteLinkPlugin(): Plugin {
  return new Plugin({
    props: {
      handlePaste(view, event) {
        const text = event.clipboardData?.getData('text/plain').trim() ?? ''
        if (!isPastedLink(text)) return false
        const href = hrefFrom(text)
        const { selection, tr } = view.state
        const { $from, $to, from, to, empty } = selection
        const type = markTypeIn(view.state, 'link')
        if (!href || !$from.parent.type.allowsMarkType(type)) return false
        const marks = view.state.storedMarks ?? $from.marks()
        if (marks.some((mark) => isMark(mark, 'code'))) return false
        const link = type.create({ href })
        if (empty) {
          tr.insert(from, view.state.schema.text(text, [...$from.marks(), link]))
          tr.removeStoredMark(type)
        } else if ($from.sameParent($to)) {
          tr.removeMark(from, to, type).addMark(from, to, link)
        } else return false
        view.dispatch(tr.scrollIntoView().setMeta('paste', true).setMeta('uiEvent', 'paste'))
        return true
      },
    },
  })
}
