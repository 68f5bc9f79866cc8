/** One editor of a round: its view, what has not arrived, and its Y.Doc. */
import type { Peer } from '@quire/binding/test/peers'
import { insideOf } from '../document-lines.ts'
import { element, setText } from '../elements.ts'
import { insidePanel } from '../live/inside-panel.ts'
import { beginningClientId, clientIdOf, roleOf } from '../live/people.ts'
import { inWords } from '../network/message.ts'

export interface PeerPane {
  readonly root: HTMLElement
  /** Where the view goes. */
  readonly place: HTMLElement
  /** Shows `peer` as it is now. `isActing`: the last step was its own. */
  show(peer: Peer, isActing: boolean): void
}

/** Updates that a pane lists; more are counted. */
const waitingMax = 6

/** The peers of a round are called A, B, C …, and so are their client ids. */
const peerNameOf = (clientId: number): string => {
  if (clientId === beginningClientId) return 'the beginning'
  return String.fromCharCode(65 + clientId - clientIdOf(0))
}

export function peerPane(index: number): PeerPane {
  let shown: Peer | null = null
  const name = String.fromCharCode(65 + index)
  const place = element('div', { class: 'quire quire-replayed', 'data-theme': 'auto' })
  const state = element('span', { class: 'pane__state' })
  const waiting = element('ol', { class: 'inbox' })
  const more = element('p', { class: 'inbox__more' })
  const inside = insidePanel({
    read: () =>
      shown ? insideOf(shown.doc) : { lines: [], clocks: [], moveCount: 0, isWaiting: false },
    facts: () => (shown ? [shown.binding.state.kind] : []),
    nameOf: peerNameOf,
  })
  const root = element(
    'section',
    { class: 'pane', 'aria-label': name, style: `--person: ${roleOf(index).color}` },
    element('header', { class: 'pane__head' }, element('h2', { class: 'pane__name' }, name), state),
    element('div', { class: 'pane__view' }, place),
    element('div', { class: 'inbox__box' }, waiting, more),
    inside.root,
  )
  return {
    root,
    place,
    show(peer, isActing) {
      shown = peer
      peer.view.dom.classList.add('quire-content')
      root.classList.toggle('is-acting', isActing)
      const { inbox } = peer
      setText(state, inbox.length === 0 ? 'has everything' : `${inbox.length} not arrived`)
      state.dataset['tone'] = inbox.length === 0 ? 'good' : 'open'
      waiting.replaceChildren(
        ...inbox
          .slice(0, waitingMax)
          .map((bytes, at) =>
            element(
              'li',
              {},
              element('span', {}, `#${at}`),
              inWords({ kind: 'update', bytes }, peerNameOf),
            ),
          ),
      )
      setText(more, inbox.length > waitingMax ? `and ${inbox.length - waitingMax} more` : '')
      inside.show()
    },
  }
}
