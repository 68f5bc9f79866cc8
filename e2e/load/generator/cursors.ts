/**
 * Cursors: presence frames as an editor sends them, each with the number of its move inside, and the
 * reading of those numbers. A server may leave positions out when newer ones follow; what counts is
 * when a position or a newer one was shown, and that the last one was.
 */
import { ByteCursor } from './byte-cursor.ts'
import { concat, varText, varUint } from './client-frame.ts'

const opening = '{"move":'
const openingBytes = Buffer.from(opening)
const digit0 = 48
const cursor = new ByteCursor()

/** The entries of one presence message: a cursor in a text, with the name and colour of its owner. */
export function cursorEntries(client: number, clock: number, move: number): Uint8Array {
  const at = {
    type: { client, clock: 12 },
    tname: null,
    item: { client, clock: 1_000 + move },
    assoc: 0,
  }
  const rest = JSON.stringify({
    user: { name: `Person ${client % 1_000}`, color: '#30bced', colorLight: '#30bced33' },
    cursor: { anchor: at, head: at },
  })
  const json = `${opening}${move},${rest.slice(1)}`
  return concat([[1], varUint(client), varUint(clock), varText(json)])
}

/** Calls `shown` for each cursor in the entries of a presence message. */
export function readCursors(
  entries: Uint8Array,
  shown: (client: number, move: number) => void,
): void {
  cursor.over(entries)
  for (let count = cursor.varUint(); count > 0; count--) {
    const client = cursor.varUint()
    cursor.varUint()
    const length = cursor.varUint()
    const json = cursor.at
    cursor.at += length
    // "null" is somebody who left.
    if (length <= openingBytes.length || entries[json + 2] !== openingBytes[2]) continue
    let move = 0
    for (let at = json + openingBytes.length; ; at++) {
      const value = (entries[at] as number) - digit0
      if (!(value >= 0 && value <= 9)) break
      move = move * 10 + value
    }
    shown(client, move)
  }
}
