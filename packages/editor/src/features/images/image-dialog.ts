/** The dialogs around images: add one by address or upload, and describe one. */
import { Upload } from 'lucide'
import type { EditorContext } from '../../feature.ts'
import { element } from '../../ui/element.ts'
import { field } from '../../ui/field.ts'
import { drawIcon } from '../../ui/icon.ts'
import type { Anchor } from '../../ui/popovers.ts'
import { imageSrcFrom } from './image-source.ts'

export interface ImageDialogAnswers {
  readonly onAdd: (src: string, alt: string) => void
  readonly onUpload: () => void
}

/** Opens the dialog that adds an image. */
export function openImageDialog(
  context: EditorContext,
  anchor: Anchor,
  { onAdd, onUpload }: ImageDialogAnswers,
): void {
  const address = field({ label: 'Image address', placeholder: 'https://…', inputMode: 'url' })
  const alt = field({ label: 'Description', placeholder: 'What the image shows' })
  const form = element(
    'form',
    { class: 'quire-form', role: 'dialog', 'aria-label': 'Add an image', novalidate: true },
    context.upload ? uploadButton(context, onUpload) : null,
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
    onAdd(address.input.value, alt.input.value)
  })
  context.popovers.open({
    anchor,
    content: form,
    focus: address.input,
    returnFocus: () => context.view().focus(),
  })
}

function uploadButton(context: EditorContext, onUpload: () => void): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'quire-action is-wide' },
    drawIcon(Upload),
    'Upload from this device',
  )
  button.addEventListener('click', () => {
    context.popovers.close()
    onUpload()
  })
  return button
}

/** Opens the field for the description of an image. */
export function openAltDialog(
  context: EditorContext,
  anchor: Anchor,
  words: string,
  onSave: (alt: string | null) => void,
): void {
  const alt = field({
    label: 'Description, read to people who cannot see it',
    value: words,
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
    onSave(alt.input.value.trim() || null)
  })
  context.popovers.open({
    anchor,
    content: form,
    focus: alt.input,
    returnFocus: () => context.view().focus(),
  })
}
