/**
 * The update that Yjs makes when somebody types one character: written by hand, byte for byte the
 * same (the test compares), because a Y.Doc per typist would be most of the generator's work.
 */
import { concat, varText, varUint } from './client-frame.ts'

/** An item of a Y.Doc: who made it, and which of theirs it is. */
export interface ItemId {
  readonly client: number
  readonly clock: number
}

/** Where typing begins: at the end of an empty root text, or between two characters of a document. */
export type Place =
  | { readonly kind: 'root'; readonly name: string }
  | { readonly kind: 'between'; readonly left: ItemId; readonly right: ItemId }

const oneClientOneItem = [1, 1]
const contentString = 4
const hasOrigin = 0x80
const hasRightOrigin = 0x40
const nothingDeleted = [0]

/** The update of character `clock` (from 0) of a client that types without moving its caret. */
export function typedUpdate(client: number, clock: number, place: Place, char: string): Uint8Array {
  const left =
    clock > 0 ? { client, clock: clock - 1 } : place.kind === 'between' ? place.left : undefined
  const right = place.kind === 'between' ? place.right : undefined
  const info = contentString | (left ? hasOrigin : 0) | (right ? hasRightOrigin : 0)
  const parent = left || right ? [] : [1, ...varText(place.kind === 'root' ? place.name : '')]
  return concat([
    oneClientOneItem,
    varUint(client),
    varUint(clock),
    [info],
    left ? [...varUint(left.client), ...varUint(left.clock)] : [],
    right ? [...varUint(right.client), ...varUint(right.clock)] : [],
    parent,
    varText(char),
    nothingDeleted,
  ])
}
