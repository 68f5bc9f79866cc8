/**
 * Presence. Mends, from outside, how y-websocket and y-protocols carry it.
 *
 * 1. Only the entry of one's own client id leaves; y-websocket would send everybody's back.
 * 2. Before each connection the clocks of people who left are forgotten. y-protocols keeps them and
 *    would ignore the same people for up to 15 s when the server sends them again.
 *    One's own clock is moved past that of the leave that the server told the others meanwhile.
 * 3. Yjs renews a document's client id when it meets it elsewhere; presence moves along.
 * 4. A page that is hidden for good takes its presence with it; a page that comes back brings it back.
 */
import {
  decodeClientMessage,
  defaultLimits,
  encodePresence,
  encodePresenceEntries,
  parsePresence,
} from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'

/** The frame with only the entries of `clientId`; undefined when none is left, or when they are over the limit of the wire. */
export function ownPresence(
  frame: Uint8Array<ArrayBuffer>,
  clientId: number,
): Uint8Array<ArrayBuffer> | undefined {
  const message = decodeClientMessage(frame, defaultLimits)
  if (message.kind !== 'presence') return undefined
  const entries = parsePresence(message.entries, defaultLimits)
  if ('kind' in entries) return undefined
  const own = entries.filter((entry) => entry.clientId === clientId)
  if (own.length === entries.length) return own.length === 0 ? undefined : frame
  return own.length === 0 ? undefined : new Uint8Array(encodePresence(encodePresenceEntries(own)))
}

/** Before a connection: makes the states that it brings acceptable here, and one's own there, whatever their clocks. */
export function renewClocks(awareness: Awareness): void {
  for (const clientId of awareness.meta.keys()) {
    if (clientId !== awareness.clientID && !awareness.states.has(clientId)) {
      awareness.meta.delete(clientId)
    }
  }
  const state = awareness.getLocalState()
  const meta = awareness.meta.get(awareness.clientID)
  if (state === null || meta === undefined) return
  // A leave has the clock of the state it ends, or the next; setting the state adds one more.
  meta.clock += 1
  awareness.setLocalState(state)
}

/** Moves the local state to the document's present client id. */
export function followClientId(awareness: Awareness, doc: Y.Doc): void {
  if (awareness.clientID === doc.clientID) return
  const state = awareness.getLocalState()
  awareness.setLocalState(null)
  awareness.clientID = doc.clientID
  awareness.setLocalState(state)
  // Once more, for a clock above 0: y-protocols takes a client at 0 for one it knows, and ignores it.
  awareness.setLocalState(state)
}

/** Takes the local state away and returns how to bring it back; nothing happens when somebody set one meanwhile. */
export function leavePresence(awareness: Awareness): () => void {
  const state = awareness.getLocalState()
  if (state !== null) awareness.setLocalState(null)
  return () => {
    if (state !== null && awareness.getLocalState() === null) awareness.setLocalState(state)
  }
}
