/** The controls of a replay: back, play and pause, forward, to any step. Keys: ← → and the space bar. */
import { systemClock, type Timer } from '@quire/base'
import { element, setText } from '../elements.ts'

export interface TransportOptions {
  readonly stepCount: number
  readonly position: () => number
  readonly goTo: (position: number) => void
}

export interface Transport {
  readonly root: HTMLElement
  show(): void
}

const paces = [
  { name: 'slow', everyMs: 900 },
  { name: 'steady', everyMs: 300 },
  { name: 'fast', everyMs: 60 },
] as const

export function transport({ stepCount, position, goTo }: TransportOptions): Transport {
  let timer: Timer | null = null
  const button = (words: string, label: string, onclick: () => void) =>
    element('button', { type: 'button', 'aria-label': label, title: label, onclick }, words)
  const play = button('Play', 'Play', () => playOrPause())
  play.classList.add('transport__play')
  const pace = element(
    'select',
    { 'aria-label': 'Pace' },
    ...paces.map(({ name, everyMs }) =>
      element('option', { value: everyMs, selected: name === 'steady' }, name),
    ),
  )
  const slider = element('input', {
    type: 'range',
    min: 0,
    max: stepCount,
    step: 1,
    'aria-label': 'Step',
    oninput: () => jump(Number(slider.value)),
  })
  const shown = element('output', { class: 'transport__step' })
  const root = element(
    'div',
    { class: 'transport', role: 'group', 'aria-label': 'Replay' },
    element(
      'div',
      { class: 'transport__buttons' },
      button('⇤', 'To the start', () => jump(0)),
      button('←', 'One step back', () => jump(position() - 1)),
      play,
      button('→', 'One step on', () => jump(position() + 1)),
      button('⇥', 'To the end', () => jump(stepCount)),
      pace,
    ),
    slider,
    shown,
  )
  document.addEventListener('keydown', (event) => {
    // A field has its own use of these keys, a button of the space bar.
    const own = event.key === ' ' ? 'input, select, button, summary' : 'input, select'
    const isTaken = event.target instanceof Element && event.target.closest(own) !== null
    if (isTaken || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'ArrowRight') jump(position() + 1)
    else if (event.key === 'ArrowLeft') jump(position() - 1)
    else if (event.key === ' ') playOrPause()
    else return
    event.preventDefault()
  })

  function jump(to: number): void {
    pause()
    goTo(Math.min(stepCount, Math.max(0, to)))
  }
  function playOrPause(): void {
    if (timer) pause()
    else start()
  }
  function start(): void {
    if (position() >= stepCount) goTo(0)
    const again = (): void => {
      timer = systemClock.after(Number(pace.value), () => {
        goTo(position() + 1)
        if (position() < stepCount) again()
        else pause()
      })
      show()
    }
    again()
  }
  function pause(): void {
    timer?.cancel()
    timer = null
    show()
  }
  function show(): void {
    slider.value = String(position())
    setText(shown, `${position()} of ${stepCount}`)
    setText(play, timer ? 'Pause' : 'Play')
    play.setAttribute('aria-label', timer ? 'Pause' : 'Play')
  }
  return { root, show }
}
