/** The knobs of one link: delay, hold, cut, reorder, and how much waits on it. */
import { element, setText } from '../elements.ts'
import { delayMsMax, type Link } from '../network/link.ts'

export interface KnobsPanel {
  readonly root: HTMLElement
  /** Shows how the link is now. */
  show(): void
}

export function knobsFor(link: Link, name: string): KnobsPanel {
  const delayShown = element('output', { class: 'knobs__delay' }, '0 ms')
  const delay = element('input', {
    type: 'range',
    min: 0,
    max: delayMsMax,
    step: 20,
    value: 0,
    'aria-label': `Delay of ${name}’s link`,
    oninput: () => {
      link.set({ delayMs: Number(delay.value) })
      show()
    },
  })
  const toggle = (knob: 'isHeld' | 'isCut' | 'isReordered', words: string, hint: string) =>
    element(
      'button',
      {
        type: 'button',
        class: 'toggle',
        'aria-pressed': 'false',
        title: hint,
        onclick: () => {
          link.set({ [knob]: !link.knobs[knob] })
          show()
        },
      },
      words,
    )
  const hold = toggle('isHeld', 'Hold', 'Nothing arrives until it is let go')
  const cut = toggle('isCut', 'Cut', 'What is on its way is lost; people go on writing')
  const reorder = toggle('isReordered', 'Reorder', 'Messages overtake each other')
  const waiting = element('span', { class: 'knobs__waiting' })
  const root = element(
    'div',
    { class: 'knobs', role: 'group', 'aria-label': `${name}’s link` },
    element('label', { class: 'knobs__slider' }, element('span', {}, 'Delay'), delay, delayShown),
    element('div', { class: 'knobs__toggles' }, hold, cut, reorder, waiting),
  )

  function show(): void {
    const { knobs } = link
    delay.value = String(knobs.delayMs)
    setText(delayShown, `${knobs.delayMs} ms`)
    hold.setAttribute('aria-pressed', String(knobs.isHeld))
    cut.setAttribute('aria-pressed', String(knobs.isCut))
    reorder.setAttribute('aria-pressed', String(knobs.isReordered))
    const [up, down] = [link.waitingCount('up'), link.waitingCount('down')]
    setText(waiting, knobs.isCut ? 'cut' : up + down === 0 ? '' : `↑ ${up}  ↓ ${down} on the way`)
  }
  show()
  return { root, show }
}
