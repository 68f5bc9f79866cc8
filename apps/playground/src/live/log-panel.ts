/** The messages of the network, the newest first: whose, what, and what became of it. */
import { element, setText } from '../elements.ts'
import { inWords } from '../network/message.ts'
import type { LinkTravel, Network } from '../network/network.ts'
import { nameOf, roleOf } from './people.ts'

const rowsMax = 120

interface Row {
  readonly travel: LinkTravel
  readonly sentMs: number
  end: { readonly what: 'arrived' | 'lost'; readonly atMs: number } | null
}

export interface LogPanel {
  readonly root: HTMLElement
  show(): void
}

export function logPanel(network: Network, nowMs: () => number): LogPanel {
  const rows: Row[] = []
  const byKey = new Map<string, Row>()
  let isPresenceShown = false
  let count = 0
  let isStale = true
  network.onTravel((travel) => {
    if (travel.message.kind !== 'presence' || isPresenceShown) isStale = true
    const key = `${travel.link} ${travel.number}`
    if (travel.what !== 'sent') {
      const row = byKey.get(key)
      if (row) row.end = { what: travel.what, atMs: nowMs() }
      byKey.delete(key)
      return
    }
    count += 1
    const row: Row = { travel, sentMs: nowMs(), end: null }
    byKey.set(key, row)
    rows.unshift(row)
    if (rows.length > 4 * rowsMax) rows.length = 3 * rowsMax
  })

  const total = element('span', { class: 'log__count' })
  const presence = element('input', {
    type: 'checkbox',
    onchange: () => {
      isPresenceShown = presence.checked
      isStale = true
      show()
    },
  })
  const body = element('tbody')
  const root = element(
    'section',
    { class: 'log', 'aria-label': 'Messages' },
    element(
      'header',
      { class: 'log__head' },
      element('h2', {}, 'Messages'),
      total,
      element('label', { class: 'log__presence' }, presence, 'with carets'),
    ),
    element(
      'div',
      { class: 'log__scroll', tabindex: 0, 'aria-label': 'Messages, the newest first' },
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...['Sent', 'Way', 'Bytes', 'What', 'Then'].map((word) =>
              element('th', { scope: 'col' }, word),
            ),
          ),
        ),
        body,
      ),
    ),
  )

  function show(): void {
    if (!isStale) return
    isStale = false
    setText(total, `${count} so far`)
    const shown = rows.filter(({ travel }) => isPresenceShown || travel.message.kind !== 'presence')
    body.replaceChildren(...shown.slice(0, rowsMax).map(rowElement))
  }
  return { root, show }
}

function rowElement({ travel, sentMs, end }: Row): HTMLElement {
  const { name, color } = roleOf(travel.link)
  const way = travel.direction === 'up' ? `${name} →` : `→ ${name}`
  const then =
    end === null
      ? 'on its way'
      : end.what === 'lost'
        ? 'lost'
        : `arrived, ${Math.round(end.atMs - sentMs)} ms`
  return element(
    'tr',
    { 'data-then': end?.what ?? 'waiting', style: `--person: ${color}` },
    element('td', { class: 'log__number' }, `${(sentMs / 1000).toFixed(2)} s`),
    element('td', { class: 'log__way' }, way),
    element('td', { class: 'log__number' }, String(travel.message.bytes.length)),
    element('td', {}, inWords(travel.message, nameOf)),
    element('td', {}, then),
  )
}
