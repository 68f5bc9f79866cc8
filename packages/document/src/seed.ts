/**
 * The first content of a document as constant bytes, made with a fixed client id: applying it twice,
 * or in two places, is one edit. So two people who open a new document at once share its first
 * paragraph. Clients never write initial content.
 *
 * Holds one empty paragraph with its text, so that two people who begin to write in it write in one
 * text, and `meta.format`. `seed.test.ts` pins the bytes and shows how they were
 * made; they never change, because documents in the world were started with them.
 */

/** The client id of the seed. Yjs draws ids at random from 32 bits; nobody gets this one by chance more often than any other. */
export const seedClientId = 1

const base64 =
  'AQUBAAcBB2NvbnRlbnQDBWJsb2NrKAABAARraW5kAXcJcGFyYWdyYXBoKAABAAZpbmRlbnQBfQAHAAEABigBBG1ldGEGZm9ybWF0AX0BAA=='

/** The seed as a Yjs update in V1 encoding. Shared: do not change it. */
export const seedUpdate: Uint8Array = Uint8Array.from(decode(base64))

declare function atob(text: string): string

function decode(text: string): number[] {
  return Array.from(atob(text), (char) => char.charCodeAt(0))
}
