/** Pasting an address: over a selection it becomes its link; alone it becomes a link with itself as text. */
import { Plugin } from 'prosemirror-state'
import { marks } from '../../shape.ts'
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
        if (!href || !$from.parent.type.allowsMarkType(marks.link)) return false
        if (marks.code.isInSet(view.state.storedMarks ?? $from.marks())) return false
        const link = marks.link.create({ href })
        if (empty) {
          tr.insert(from, view.state.schema.text(text, [...$from.marks(), link]))
          tr.removeStoredMark(marks.link)
        } else if ($from.sameParent($to)) {
          tr.removeMark(from, to, marks.link).addMark(from, to, link)
        } else return false
        view.dispatch(tr.scrollIntoView().setMeta('paste', true).setMeta('uiEvent', 'paste'))
        return true
      },
    },
  })
}
