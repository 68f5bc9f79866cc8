/**
 * A round of the fuzz by eye: the same generator, seed and edits as `npm run repro -- <seed>`, with the
 * views that the round itself plays in, what waits for whom, and the step that goes wrong.
 */
import { makeRound, type Round } from '@quire/binding/test/fuzz-round'
import '@quire/editor/style.css'
import type { Address } from '../address.ts'
import { element, setText } from '../elements.ts'
import { pageHead } from '../page-head.ts'
import { type PeerPane, peerPane } from './peer-pane.ts'
import { Player, survey } from './player.ts'
import { transport } from './transport.ts'

export function openReplay(
  place: HTMLElement,
  { seed, step }: Extract<Address, { kind: 'replay' }>,
): void {
  // As the test plays a single seed: it looks after every step, and a stray letter ends the round.
  const make = (placeOf: (index: number) => HTMLElement): Round =>
    makeRound(seed, { looks: 'always', isStrict: true, place: placeOf })
  const rehearsal = place.appendChild(element('div', { class: 'replay__rehearsal', hidden: true }))
  const { stepCount, failure, log } = survey(() =>
    make(() => rehearsal.appendChild(element('div', {}))),
  )
  rehearsal.remove()

  const panes: PeerPane[] = []
  const player = new Player(() =>
    make((index) => {
      panes[index] ??= peerPane(index)
      panes[index].place.replaceChildren()
      return panes[index].place
    }),
  )
  const verdict = element('p', { class: 'verdict', role: 'status' })
  verdict.dataset['tone'] = failure ? 'bad' : 'good'
  setText(verdict, failure ? `Goes wrong in step ${failure.step}` : 'Goes well')
  const controls = transport({
    stepCount,
    position: () => player.position,
    goTo(position) {
      player.goTo(position)
      show()
    },
  })
  const next = element('p', { class: 'replay__next' })
  const wrong = element('pre', { class: 'replay__wrong', hidden: true, tabindex: 0 })
  const list = stepList(log, (position) => {
    player.goTo(position)
    show()
  })
  place.append(
    pageHead([verdict], seed),
    element(
      'main',
      { class: 'live' },
      element('div', { class: 'replay__bar' }, controls.root, next),
      wrong,
      element('div', { class: 'panes' }, ...panes.map(({ root }) => root)),
      list.root,
    ),
  )

  function show(): void {
    const last = player.position > 0 ? log[player.position - 1] : undefined
    player.round.peers.forEach((peer, index) => {
      panes[index]?.show(peer, last?.startsWith(`${peer.name} `) ?? false)
    })
    controls.show()
    setText(next, player.next === null ? 'The round is over.' : `Next: ${player.next}`)
    wrong.hidden = player.failure === null
    setText(wrong, player.failure?.words ?? '')
    list.show(player.position)
  }
  player.goTo(step > 0 ? step : 0)
  show()
}

interface StepList {
  readonly root: HTMLElement
  show(position: number): void
}

function stepList(log: readonly string[], goTo: (position: number) => void): StepList {
  const rows = log.map((words, index) =>
    element('li', {}, element('button', { type: 'button', onclick: () => goTo(index + 1) }, words)),
  )
  const list = element('ol', { class: 'steps__list' }, ...rows)
  const root = element(
    'section',
    { class: 'steps', 'aria-label': 'Steps' },
    element('h2', {}, 'Steps'),
    list,
  )
  let current: HTMLElement | undefined
  return {
    root,
    show(position) {
      current?.removeAttribute('aria-current')
      current = rows[position - 1]
      current?.setAttribute('aria-current', 'step')
      rows.forEach((row, index) => row.classList.toggle('is-done', index < position))
      // Only the list scrolls: the page stays where it is.
      if (current) list.scrollTop = current.offsetTop - list.offsetTop - list.clientHeight / 2
    },
  }
}
