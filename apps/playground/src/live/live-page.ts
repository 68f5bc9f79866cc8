/**
 * People at one document, live: a pane each, the log of messages below, and whether all are equal.
 * `window.playground` is how their windows come in, and what browser tests use.
 */
import { assert, must, systemClock } from '@quire/base'
import { createSeededRandom } from '@quire/testkit'
import { type Address, peopleCountMax } from '../address.ts'
import { contentBytes } from '../content.ts'
import { element, setText } from '../elements.ts'
import { Network } from '../network/network.ts'
import { pageHead } from '../page-head.ts'
import type { Person } from '../window.ts'
import { logPanel } from './log-panel.ts'
import { type Pane, paneFor } from './pane.ts'
import { clientIdOf, roleOf } from './people.ts'

/** Comparing reads every document whole. */
const compareEveryMs = 250

export function openLive(place: HTMLElement, address: Extract<Address, { kind: 'live' }>): void {
  const network = new Network(
    { clock: systemClock, random: createSeededRandom(1) },
    contentBytes(address.content),
  )
  const panes: Pane[] = []
  const people = (): Person[] => panes.flatMap(({ person }) => person ?? [])
  const grid = element('div', { class: 'panes' })
  const verdict = element('p', { class: 'verdict', role: 'status' })
  const countShown = element('output', { class: 'stepper__count' })
  const stepper = element(
    'div',
    { class: 'stepper', role: 'group', 'aria-label': 'People' },
    element('button', { type: 'button', 'aria-label': 'One person less', onclick: remove }, '−'),
    countShown,
    element('button', { type: 'button', 'aria-label': 'One more person', onclick: add }, '+'),
  )
  const log = logPanel(network, () => systemClock.nowMs())
  place.append(pageHead([verdict, stepper]), element('main', { class: 'live' }, grid, log.root))

  let comparedMs = Number.NEGATIVE_INFINITY
  let isFrameAsked = false
  /** Once a frame for what changes fast, more rarely for what reads whole documents. */
  const request = (): void => {
    if (isFrameAsked) return
    isFrameAsked = true
    requestAnimationFrame(() => {
      isFrameAsked = false
      const leftMs = comparedMs + compareEveryMs - systemClock.nowMs()
      if (leftMs > 0) systemClock.after(leftMs, request)
      else show()
    })
  }
  network.onTravel(request)

  function add(): void {
    if (panes.length >= peopleCountMax) return
    const index = panes.length
    const pane = paneFor(index, roleOf(index), network.join())
    panes.push(pane)
    grid.append(pane.root)
    request()
  }

  function remove(): void {
    if (panes.length === 1) return
    panes.pop()?.root.remove()
    network.part()
    request()
  }

  function show(): void {
    comparedMs = systemClock.nowMs()
    const words = differencesOf(people(), network.fingerprint())
    const different = new Set(words.map(({ name }) => name))
    for (const pane of panes) pane.show(!different.has(pane.person?.name ?? ''))
    setText(countShown, `${panes.length} ${panes.length === 1 ? 'person' : 'people'}`)
    const isThere = network.isSettled && panes.every(({ person }) => person !== null)
    const isEqual = words.length === 0 && isThere
    setText(verdict, isEqual ? 'All equal' : isThere ? 'Not equal' : 'On the way')
    verdict.dataset['tone'] = isEqual ? 'good' : isThere ? 'bad' : 'open'
    log.show()
  }

  window.playground = {
    get people() {
      return people()
    },
    get links() {
      return network.links
    },
    get isSettled() {
      return network.isSettled
    },
    differences() {
      const differences = differencesOf(people(), network.fingerprint())
      return differences.map(({ name, what }) => `${name} ${what}`)
    },
    seat(index) {
      const link = must(network.links[index], 'nobody comes without a link')
      return { ...roleOf(index), clientId: clientIdOf(index), link: link.person }
    },
    enter(index, person) {
      assert(panes[index] !== undefined, 'a person has a pane')
      panes[index].enter(person)
      person.onChange(request)
      request()
    },
  }
  for (let i = 0; i < address.peopleCount; i++) add()
}

/** `shared`: what the middle has. */
function differencesOf(
  people: readonly Person[],
  shared: string,
): { readonly name: string; readonly what: string }[] {
  let seen: string | null = null
  return people.flatMap((person) => {
    const { name } = person
    if (person.fingerprint() !== shared) return { name, what: 'does not have what all should have' }
    const sees = JSON.stringify(person.editor.json())
    seen ??= sees
    return sees === seen ? [] : { name, what: 'sees something else than the others' }
  })
}
