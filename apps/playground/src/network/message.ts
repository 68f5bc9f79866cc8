/** What travels between a person and the middle, and what is said of it in the log. */
import * as Y from 'yjs'

export type Message =
  /** What the sender has, so that the other can send what is missing. */
  | { readonly kind: 'question'; readonly bytes: Uint8Array }
  | { readonly kind: 'update'; readonly bytes: Uint8Array }
  | { readonly kind: 'presence'; readonly bytes: Uint8Array }

/** One line about a message. `nameOf` says whose a Yjs client id is. */
export function inWords(message: Message, nameOf: (clientId: number) => string): string {
  switch (message.kind) {
    case 'question':
      return 'asks for what is missing'
    case 'presence':
      return 'caret and name'
    case 'update':
      return updateInWords(message.bytes, nameOf)
  }
}

function updateInWords(bytes: Uint8Array, nameOf: (clientId: number) => string): string {
  const { structs, ds } = Y.decodeUpdate(bytes)
  const ranges = new Map<number, { from: number; to: number }>()
  for (const { id, length } of structs) {
    const range = ranges.get(id.client)
    ranges.set(id.client, {
      from: Math.min(range?.from ?? id.clock, id.clock),
      to: Math.max(range?.to ?? 0, id.clock + length - 1),
    })
  }
  const edits = [...ranges].map(([clientId, { from, to }]) => {
    const clocks = from === to ? String(from) : `${from}–${to}`
    return `${nameOf(clientId)} ${clocks}`
  })
  let deletedCount = 0
  for (const deletions of ds.clients.values()) {
    for (const { len } of deletions) deletedCount += len
  }
  if (deletedCount > 0) edits.push(`deletes ${deletedCount}`)
  return edits.length > 0 ? edits.join(', ') : 'nothing new'
}
