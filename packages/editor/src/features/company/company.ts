/** Who is in the document too, read from presence. What peers say of themselves is text, and bounded. */
import type { EditorView } from 'prosemirror-view'
import type { Awareness } from 'y-protocols/awareness'
import type { Doc } from 'yjs'
import type { Company } from '../../feature.ts'
import { placesOfOthers } from '../moving/others-at.ts'

/** What a screen reader can say of a person in a breath. */
const nameCharsMax = 40

export function companyOf(awareness: Awareness, view: () => EditorView, doc: Doc): Company {
  const others = () =>
    [...awareness.getStates()].filter(([clientId]) => clientId !== awareness.clientID)
  return {
    names: () => new Set(others().map(([, state]) => nameIn(state))),
    colleagues() {
      const places = new Map(
        placesOfOthers(view(), doc, awareness).map(({ clientId, pos }) => [clientId, pos]),
      )
      return others().map(([clientId, state]) => ({
        clientId,
        name: nameIn(state),
        pos: places.get(clientId) ?? null,
      }))
    },
    onChange(listener) {
      const hear = ({ added, removed }: { added: number[]; removed: number[] }): void => {
        if (added.length + removed.length > 0) listener()
      }
      awareness.on('change', hear)
      return () => awareness.off('change', hear)
    },
  }
}

function nameIn(state: Readonly<Record<string, unknown>>): string {
  const user = state['user'] as { name?: unknown } | null | undefined
  const name = typeof user?.name === 'string' ? user.name.trim() : ''
  return name === '' ? 'Somebody' : name.slice(0, nameCharsMax)
}
