/** A Y.Doc made visible: its content and what it knows of whom. Reads it only while it is open. */
import type { Inside } from '../document-lines.ts'
import { element, setText } from '../elements.ts'

export interface InsidePanel {
  readonly root: HTMLElement
  show(): void
}

export interface InsideOptions {
  readonly read: () => Inside
  /** More that is worth knowing, in words. */
  readonly facts: () => readonly string[]
  readonly nameOf: (clientId: number) => string
}

export function insidePanel({ read, facts, nameOf }: InsideOptions): InsidePanel {
  const state = element('p', { class: 'inside__state' })
  const lines = element('pre', {
    class: 'inside__lines',
    tabindex: 0,
    'aria-label': 'Shared content',
  })
  const root = element(
    'details',
    { class: 'inside', ontoggle: () => show() },
    element('summary', {}, 'Y.Doc and state'),
    state,
    lines,
  )

  function show(): void {
    if (!root.open) return
    const inside = read()
    const known = inside.clocks.map(([clientId, clock]) => `${nameOf(clientId)} ${clock}`)
    const words = [`knows ${known.join(', ')}`, ...facts()]
    if (inside.moveCount > 0) words.push(`${inside.moveCount} moves written down`)
    if (inside.isWaiting) words.push('waits for edits that have not arrived')
    setText(state, words.join(' · '))
    setText(lines, inside.lines.join('\n'))
  }
  return { root, show }
}
