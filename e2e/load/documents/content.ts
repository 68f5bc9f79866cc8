/** The content of a document as a load generator sends it: updates of one client, and how one knows that all of it came. */
import * as Y from 'yjs'

export interface Content {
  readonly updates: readonly Uint8Array[]
  /** Ends of what the updates bring, by client. */
  readonly clocks: ReadonlyMap<number, number>
}

/** Below the ids that typists use. */
export const contentClient = 1_234_567_890

/** A text of so many characters, written in one go. */
export function plainText(charCount: number): Content {
  const doc = new Y.Doc()
  doc.clientID = contentClient
  const words = 'the sea was calm that morning and a light wind carried the smell of salt '
  doc.getText('t').insert(0, words.repeat(charCount / words.length + 1).slice(0, charCount))
  return { updates: [Y.encodeStateAsUpdate(doc)], clocks: clocksOf(doc) }
}

export function clocksOf(doc: Y.Doc): ReadonlyMap<number, number> {
  return Y.decodeStateVector(Y.encodeStateVector(doc))
}
