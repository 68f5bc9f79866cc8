/**
 * Keeps a Y.Doc and its presence equal with whoever is at the other end of a link, as a provider does
 * over a socket: a question with what one has at every join, updates and presence as they come.
 *
 * 1. What came over this link is not sent back over it.
 * 2. While the link is cut nobody of the other end is shown, and after it everybody is again.
 */
import {
  applyAwarenessUpdate,
  type Awareness,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { LinkEnd } from './link.ts'

interface PresenceChange {
  readonly added: readonly number[]
  readonly updated: readonly number[]
  readonly removed: readonly number[]
}

/** Speaks until the returned function is called. */
export function speakOver(link: LinkEnd, doc: Y.Doc, awareness: Awareness): () => void {
  /** Who was heard of over this link. */
  const heard = new Set<number>()

  const introduce = (): void => {
    link.send({ kind: 'question', bytes: Y.encodeStateVector(doc) })
    // A new clock: the other end has forgotten us, and would take the old one for known.
    const own = awareness.getLocalState()
    if (own !== null) awareness.setLocalState(own)
    tellPresence([...awareness.getStates().keys()])
  }
  const tellPresence = (clientIds: readonly number[]): void => {
    if (clientIds.length === 0) return
    link.send({ kind: 'presence', bytes: encodeAwarenessUpdate(awareness, [...clientIds]) })
  }
  const forgetOthers = (): void => {
    removeAwarenessStates(awareness, [...heard], 'cut')
    for (const clientId of heard) awareness.meta.delete(clientId)
    heard.clear()
  }

  const onUpdate = (bytes: Uint8Array, origin: unknown): void => {
    if (origin !== link) link.send({ kind: 'update', bytes })
  }
  const onPresence = ({ added, updated, removed }: PresenceChange, origin: unknown): void => {
    if (origin === link) for (const clientId of [...added, ...updated]) heard.add(clientId)
    else tellPresence([...added, ...updated, ...removed])
  }
  doc.on('update', onUpdate)
  awareness.on('update', onPresence)
  link.listen({
    arrived(message) {
      // A copy: the bytes may be those of another window, whose arrays are not ours.
      const bytes = Uint8Array.from(message.bytes)
      if (message.kind === 'update') Y.applyUpdate(doc, bytes, link)
      else if (message.kind === 'presence') applyAwarenessUpdate(awareness, bytes, link)
      else link.send({ kind: 'update', bytes: Y.encodeStateAsUpdate(doc, bytes) })
    },
    joined: introduce,
    cut: forgetOthers,
  })
  introduce()
  return () => {
    doc.off('update', onUpdate)
    awareness.off('update', onPresence)
    forgetOthers()
  }
}
