/** A labelled text field with room for one line of error, as used in the small dialogs. */
import { element } from './element.ts'

export interface Field {
  readonly element: HTMLElement
  readonly input: HTMLInputElement
  /** Shows why the value cannot be used, until it is changed. */
  showError(text: string): void
}

let count = 0

export function field(options: {
  label: string
  value?: string
  placeholder?: string
  inputMode?: string
}): Field {
  count += 1
  const id = `quire-field-${count}`
  const error = element('span', { class: 'quire-field-error', id: `${id}-error`, role: 'alert' })
  const input = element('input', {
    type: 'text',
    id,
    class: 'quire-input',
    placeholder: options.placeholder,
    inputmode: options.inputMode,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
  })
  input.value = options.value ?? ''
  input.addEventListener('input', () => {
    error.textContent = ''
    input.removeAttribute('aria-invalid')
    input.removeAttribute('aria-describedby')
  })
  return {
    element: element(
      'div',
      { class: 'quire-field' },
      element('label', { for: id, class: 'quire-label' }, options.label),
      input,
      error,
    ),
    input,
    showError(text) {
      error.textContent = text
      input.setAttribute('aria-invalid', 'true')
      input.setAttribute('aria-describedby', error.id)
      input.focus()
    },
  }
}
