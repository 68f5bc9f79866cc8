/** The panel of a link (Mod-K): its address and text. */
import { Plugin, PluginKey, type EditorState } from 'prosemirror-state'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { markTypeIn } from '../../shape.ts'
import { element } from '../../ui/element.ts'
import { field } from '../../ui/field.ts'
import { mountLater } from '../../ui/later.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { linkRange, selectedLink } from './commands.ts'
import { hrefFrom } from './safe-href.ts'

/** The range an open panel is about; mapped through every change, so colleagues may type meanwhile. */
interface Held {
  readonly from: number
  readonly to: number
}

const heldKey = new PluginKey<Held | null>('quire-held-range')

/** Keeps and shows the range that a panel with its own text fields is about. */
export function heldRangePlugin(): Plugin<Held | null> {
  return new Plugin<Held | null>({
    key: heldKey,
    state: {
      init: () => null,
      apply(tr, held) {
        const meta = tr.getMeta(heldKey) as { held: Held | null } | undefined
        if (meta) return meta.held
        if (!held || !tr.docChanged) return held
        return { from: tr.mapping.map(held.from, 1), to: tr.mapping.map(held.to, -1) }
      },
    },
    props: {
      decorations(state) {
        const held = heldKey.getState(state)
        if (!held || held.from >= held.to) return null
        return DecorationSet.create(state.doc, [
          Decoration.inline(held.from, held.to, { class: 'quire-held' }),
        ])
      },
    },
  })
}

function hold(view: EditorView, held: Held | null): void {
  view.dispatch(view.state.tr.setMeta(heldKey, { held }).setMeta('addToHistory', false))
}

/** Where the panel is about, now. */
function heldRange(state: EditorState): Held {
  const held = heldKey.getState(state)
  return held ? { from: held.from, to: Math.max(held.from, held.to) } : state.selection
}

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

/** The bar of the link under the caret comes with it. */
export function linkBarPlugin(context: EditorContext): Plugin {
  return new Plugin({
    view: (view) => ({
      destroy: mountLater(
        context,
        () => view.state.selection.empty && selectedLink(view.state) !== null,
        ({ mountLinkBar }) => mountLinkBar(context, view),
      ),
    }),
  })
}
