/** A dialog over everything, with a heading and a way out. The browser keeps the focus in it and closes it on Escape. */
import { X } from 'lucide'
import type { EditorContext } from '../feature.ts'
import { element } from './element.ts'
import { drawIcon } from './icon.ts'

let count = 0

/** Opens it; the focus goes back to the text when it closes. */
export function openModal(
  context: EditorContext,
  { title, content }: { readonly title: string; readonly content: HTMLElement },
): void {
  context.popovers.close()
  count += 1
  const id = `quire-modal-${count}`
  const close = element(
    'button',
    { type: 'button', class: 'quire-button', 'aria-label': 'Close' },
    drawIcon(X),
  )
  const dialog = element(
    'dialog',
    { class: 'quire-modal', 'aria-labelledby': id },
    element(
      'div',
      { class: 'quire-modal-head' },
      element('h2', { id, class: 'quire-modal-title' }, title),
      close,
    ),
    content,
  )
  close.addEventListener('click', () => dialog.close())
  // On the veil: the dialog itself is what is hit there, and none of its content.
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  dialog.addEventListener('close', () => {
    dialog.remove()
    context.view().focus()
  })
  context.layer.append(dialog)
  dialog.showModal()
}
