/** The panel of a link (Mod-K): its address and text. */
import type { EditorView } from 'prosemirror-view'
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { markTypeIn } from '../../shape.ts'
import { element } from '../../ui/element.ts'
import { field } from '../../ui/field.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { linkRange, selectedLink } from './commands.ts'
import { heldRange, hold } from './held-range.ts'
import { hrefFrom } from './safe-href.ts'

/** Opens the fields for address and text of the link at the selection. False where no link may be. */
export function openLinkEditor(context: EditorContext, view: EditorView): boolean {
  const { state } = view
  if (!view.editable) return false
  const { selection } = state
  if (!selection.$from.parent.type.allowsMarkType(markTypeIn(state, 'link'))) return false
  const link = selectedLink(state)
  const { from, to } = link ?? selection
  const isOneBlock = selection.$from.sameParent(selection.$to)
  const text = isOneBlock ? state.doc.textBetween(from, to) : ''

  const address = field({
    label: 'Address',
    value: link?.href ?? (hrefFrom(text) && /[.:/]/.test(text) ? text : ''),
    placeholder: 'Paste or type a link',
    inputMode: 'url',
  })
  const title = field({ label: 'Text', value: text, placeholder: 'Text to show' })
  const apply = element('button', { type: 'submit', class: 'quire-action is-primary' }, 'Apply')
  const remove = link
    ? element('button', { type: 'button', class: 'quire-action' }, 'Remove')
    : null
  const form = element(
    'form',
    { class: 'quire-form', 'aria-label': 'Link', role: 'dialog', novalidate: true },
    address.element,
    isOneBlock ? title.element : null,
    element('div', { class: 'quire-form-actions' }, remove, apply),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const range = heldRange(view.state)
    // Untouched words stay as they are, with their formatting and spaces.
    const isEdited = isOneBlock && title.input.value !== text
    const shown = isEdited ? title.input.value.trim() : ''
    if (!address.input.value.trim() && link) return removeLink()
    const edit = linkRange(range.from, range.to, address.input.value, shown)
    if (!commandOf(edit)(view.state)) {
      address.showError('This is not a web or mail address.')
      return
    }
    popover.close()
    commandOf(edit)(view.state, view.dispatch)
    view.focus()
  })
  const removeLink = (): void => {
    const range = heldRange(view.state)
    popover.close()
    const { state } = view
    view.dispatch(state.tr.removeMark(range.from, range.to, markTypeIn(state, 'link')))
    view.focus()
  }
  remove?.addEventListener('click', removeLink)

  hold(view, { from, to })
  const popover = context.popovers.open({
    anchor: rangeAnchor(view, () => heldRange(view.state)),
    content: form,
    focus: address.input,
    returnFocus: () => view.focus(),
    onClose: () => {
      stop()
      if (!view.isDestroyed) hold(view, null)
    },
  })
  const stop = context.frames.on(() => popover.update())
  address.input.select()
  return true
}
