/** The sheet of keyboard shortcuts and typed signs. */
import type { EditorContext } from '../../feature.ts'
import { element } from '../../ui/element.ts'
import { keyLabel } from '../../ui/key-label.ts'
import { openModal } from '../../ui/modal.ts'
import { shortcuts, typedSigns } from './shortcuts.ts'

export function openShortcuts(context: EditorContext): void {
  const sheet = element('div', { class: 'quire-shortcuts' })
  const section = (title: string, rows: readonly HTMLElement[]): void => {
    sheet.append(element('section', {}, element('h3', {}, title), element('dl', {}, ...rows)))
  }
  for (const { title, rows } of shortcuts) {
    section(
      title,
      rows.map(({ label, keys }) => {
        const shown = keys.map((key) => element('kbd', {}, keyLabel(key)))
        return row(label, ...shown)
      }),
    )
  }
  section(
    'While typing',
    typedSigns.map(([typed, gives]) => row(gives, element('code', {}, typed))),
  )
  openModal(context, { title: 'Keyboard shortcuts', content: sheet })
}

const row = (label: string, ...keys: readonly HTMLElement[]): HTMLElement =>
  element('div', {}, element('dt', {}, label), element('dd', {}, ...keys))
