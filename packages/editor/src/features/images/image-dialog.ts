/** The dialogs around images: add one by address or upload, and describe one. */
import { Upload } from 'lucide'
import type { EditorView } from 'prosemirror-view'
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { isNode } from '../../shape.ts'
import { element } from '../../ui/element.ts'
import { field } from '../../ui/field.ts'
import { drawIcon } from '../../ui/icon.ts'
import type { Anchor } from '../../ui/popovers.ts'
import { imageSrcFrom, insertImage } from './insert-image.ts'
import { pickImages } from './uploads.ts'

/** Opens the dialog that adds an image at the selection. */
export function openImageDialog(context: EditorContext, view: EditorView, anchor: Anchor): void {
  const address = field({ label: 'Image address', placeholder: 'https://…', inputMode: 'url' })
  const alt = field({ label: 'Description', placeholder: 'What the image shows' })
  const form = element(
    'form',
    { class: 'quire-form', role: 'dialog', 'aria-label': 'Add an image', novalidate: true },
    context.upload ? uploadButton(context, view) : null,
    context.upload ? element('div', { class: 'quire-or' }, 'or') : null,
    address.element,
    alt.element,
    element(
      'div',
      { class: 'quire-form-actions' },
      element('button', { type: 'submit', class: 'quire-action is-primary' }, 'Add image'),
    ),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!imageSrcFrom(address.input.value)) {
      address.showError('This is not the address of an image.')
      return
    }
    context.popovers.close()
    commandOf(insertImage(address.input.value, alt.input.value))(view.state, view.dispatch)
    view.focus()
  })
  context.popovers.open({
    anchor,
    content: form,
    focus: address.input,
    returnFocus: () => view.focus(),
  })
}

function uploadButton(context: EditorContext, view: EditorView): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'quire-action is-wide' },
    drawIcon(Upload),
    'Upload from this device',
  )
  button.addEventListener('click', () => {
    context.popovers.close()
    pickImages(context, view)
  })
  return button
}

/** Opens the field for the description of the image that `positionOf` finds. */
export function openAltDialog(
  context: EditorContext,
  view: EditorView,
  options: { anchor: Anchor; positionOf: () => number | undefined },
): void {
  const pos = options.positionOf()
  const image = pos === undefined ? null : view.state.doc.nodeAt(pos)
  if (!isNode(image, 'image')) return
  const alt = field({
    label: 'Description, read to people who cannot see it',
    value: String(image.attrs['alt'] ?? ''),
    placeholder: 'What the image shows',
  })
  const form = element(
    'form',
    { class: 'quire-form', role: 'dialog', 'aria-label': 'Image description' },
    alt.element,
    element(
      'div',
      { class: 'quire-form-actions' },
      element('button', { type: 'submit', class: 'quire-action is-primary' }, 'Save'),
    ),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    context.popovers.close()
    // Asked again: the document may have moved while somebody thought about the words.
    const at = options.positionOf()
    if (at !== undefined && isNode(view.state.doc.nodeAt(at), 'image')) {
      view.dispatch(view.state.tr.setNodeAttribute(at, 'alt', alt.input.value.trim() || null))
    }
    view.focus()
  })
  context.popovers.open({
    anchor: options.anchor,
    content: form,
    focus: alt.input,
    returnFocus: () => view.focus(),
  })
}
