/** The head of either page: where one is, what is set there, and the way to a round of the fuzz. */
import { element } from './elements.ts'

export function pageHead(parts: readonly HTMLElement[], seed?: number): HTMLElement {
  return element(
    'header',
    { class: 'head' },
    element('a', { class: 'head__title', href: '?' }, element('span', {}, 'Quire'), ' playground'),
    element('div', { class: 'head__parts' }, ...parts),
    element(
      'form',
      { class: 'head__seed', action: '', method: 'get' },
      element('label', { for: 'seed' }, 'Seed'),
      element('input', {
        id: 'seed',
        name: 'seed',
        inputmode: 'numeric',
        pattern: '[0-9]+',
        required: true,
        placeholder: 'of a round',
        value: seed ?? null,
      }),
      element('button', { type: 'submit' }, 'Replay'),
    ),
  )
}
