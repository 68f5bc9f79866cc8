/** One person on the page: their window, the knobs of their link, and what is inside. */
import { element, setText } from '../elements.ts'
import type { Link } from '../network/link.ts'
import type { Person } from '../window.ts'
import { insidePanel } from './inside-panel.ts'
import { knobsFor } from './knobs.ts'
import { nameOf, type Role } from './people.ts'

export interface Pane {
  readonly root: HTMLElement
  readonly person: Person | null
  enter(person: Person): void
  /** Shows how things are now. `isSame`: they have what the middle has. */
  show(isSame: boolean): void
}

export function paneFor(index: number, role: Role, link: Link): Pane {
  let person: Person | null = null
  const state = element('span', { class: 'pane__state' }, 'comes in …')
  const types = element(
    'button',
    {
      type: 'button',
      class: 'toggle',
      'aria-pressed': 'false',
      title: `${role.name} types where the caret is, and does not stop`,
      onclick: () => {
        if (person?.typist.isTyping) person.typist.stop()
        else person?.typist.start()
        types.setAttribute('aria-pressed', String(person?.typist.isTyping ?? false))
      },
    },
    'Types',
  )
  const highlight = element(
    'button',
    {
      type: 'button',
      class: 'toggle',
      title: `Highlights what ${role.name} has selected, for ${role.name} alone`,
      onclick: () => {
        const { from, to } = person?.editor.view.state.selection ?? { from: 0, to: 0 }
        if (from < to) person?.highlights.add(from, to)
      },
    },
    'Highlight',
  )
  const knobs = knobsFor(link, role.name)
  const inside = insidePanel({
    read: () => person?.inside() ?? { lines: [], clocks: [], moveCount: 0, isWaiting: false },
    facts: () => (person?.editor.view.editable ? ['editable'] : ['read-only']),
    nameOf,
  })
  const root = element(
    'section',
    { class: 'pane', 'aria-label': role.name, style: `--person: ${role.color}` },
    element(
      'header',
      { class: 'pane__head' },
      element('h2', { class: 'pane__name' }, role.name),
      state,
      highlight,
      types,
    ),
    element('iframe', {
      class: 'pane__window',
      src: `person.html?index=${index}`,
      title: role.name,
    }),
    knobs.root,
    inside.root,
  )
  return {
    root,
    get person() {
      return person
    },
    enter(entered) {
      person = entered
    },
    show(isSame) {
      const words = stateInWords(person, link, isSame)
      setText(state, words)
      state.dataset['tone'] = words === 'equal' ? 'good' : 'open'
      knobs.show()
      inside.show()
      types.setAttribute('aria-pressed', String(person?.typist.isTyping ?? false))
    },
  }
}

function stateInWords(person: Person | null, link: Link, isSame: boolean): string {
  if (person === null) return 'comes in …'
  if (link.knobs.isCut) return 'alone'
  if (link.knobs.isHeld) return 'held'
  return isSame ? 'equal' : 'catching up'
}
