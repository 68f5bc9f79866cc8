/**
 * A record of words that went from one shared text to another in one transaction: a split, a join, a
 * drag, an undo of one of these. Yjs has no move; it deletes and writes anew. The record says which
 * new signs are which old ones, so that whoever wrote there meanwhile can follow (`late-text.ts`).
 *
 * Records come from peers: reading one never throws and never allocates by an unchecked count.
 * "Sign" is anything with an id of its own: a letter, a shared text, an element.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

/** Signs that one client made one after the other. */
export interface SignRange {
  readonly client: number
  readonly clock: number
  readonly length: number
}

/** Signs that lay together, and where the maker wrote them again. The new ones are always the maker's. */
export interface MovedRun extends SignRange {
  readonly toClock: number
  /** The leader of the first sign (`leaders.ts`), as far as the maker knew it: Yjs forgets it with the text that is gone. */
  readonly leader?: Y.ID | null
}

/** Where to write what belongs in a text that is gone, when none of its neighbours is left. */
export type Place =
  | { readonly kind: 'in-text'; readonly text: Y.ID; readonly behind: Y.ID | null }
  /** In a new block. `parent` null is the root; `behind` null is its beginning. */
  | { readonly kind: 'new-block'; readonly parent: Y.ID | null; readonly behind: Y.ID | null }

/**
 * A moved sign was live until somebody moved it; a restored one had been deleted, and undo wrote it
 * again; one that followed went after others, which nobody need follow in turn.
 */
export type MoveKind = (typeof kinds)[number]

export interface MoveRecord {
  readonly kind: MoveKind
  /** The maker's clock before the transaction: from there on everything was made by it. */
  readonly since: number
  /** Of those who had written in the texts concerned, or moved words out of them, how much the maker knew. */
  readonly known: ReadonlyMap<number, number>
  readonly runs: readonly MovedRun[]
  /** Copies that gave way to others of their family: they were taken out and not written anew. */
  readonly given: readonly SignRange[]
  /** The outermost elements that were taken away. */
  readonly gone: readonly Y.ID[]
  readonly places: readonly TextHome[]
}

/** Where belongs what arrives in a text that was taken away. */
export interface TextHome {
  readonly text: Y.ID
  readonly place: Place
}

const version = 1
const kinds = ['moved', 'restored', 'followed'] as const
/** Parts of one list of a record. A block has a few; this lets a whole long document be moved at once. */
const recordPartsMax = 20_000

export function encodeRecord({
  kind,
  since,
  known,
  runs,
  given,
  gone,
  places,
}: MoveRecord): Uint8Array {
  const encoder = encoding.createEncoder()
  const number = (value: number): void => encoding.writeVarUint(encoder, value)
  const id = ({ client, clock }: Y.ID): void => {
    number(client)
    number(clock)
  }
  const maybeId = (value: Y.ID | null): void => {
    number(value ? 1 : 0)
    if (value) id(value)
  }
  const list = <T>(values: readonly T[], write: (value: T) => void): void => {
    const some = values.slice(0, recordPartsMax)
    number(some.length)
    for (const value of some) write(value)
  }
  number(version)
  number(kinds.indexOf(kind))
  number(since)
  list([...known], ([client, clock]) => id(Y.createID(client, clock)))
  list(runs, ({ client, clock, length, toClock }) => {
    id(Y.createID(client, clock))
    number(length)
    number(toClock)
  })
  list(given, ({ client, clock, length }) => {
    id(Y.createID(client, clock))
    number(length)
  })
  list(gone, id)
  list(places, ({ text, place }) => {
    id(text)
    number(place.kind === 'in-text' ? 0 : 1)
    maybeId(place.kind === 'in-text' ? place.text : place.parent)
    maybeId(place.behind)
  })
  // Behind everything: who does not know of leaders reads a record without them.
  list(runs, ({ leader }) => maybeId(leader ?? null))
  return encoding.toUint8Array(encoder)
}

/** The record, or undefined when these are not the bytes of one that this version can read. */
export function decodeRecord(bytes: unknown): MoveRecord | undefined {
  if (!(bytes instanceof Uint8Array)) return undefined
  const decoder = decoding.createDecoder(bytes)
  const number = (): number => decoding.readVarUint(decoder)
  const id = (): Y.ID => Y.createID(number(), number())
  const maybeId = (): Y.ID | null => (number() === 1 ? id() : null)
  const list = <T>(read: () => T, leastBytes = 2): T[] => {
    const count = number()
    const left = bytes.length - decoder.pos
    if (count > recordPartsMax || count * leastBytes > left)
      throw new RangeError('more parts than bytes')
    return Array.from({ length: count }, read)
  }
  const kindOf = (): MoveKind => {
    const kind = kinds[number()]
    if (!kind) throw new RangeError('not a kind of move')
    return kind
  }
  const place = (): Place => {
    const kind = number()
    const [first, behind] = [maybeId(), maybeId()]
    if (kind === 0 && first) return { kind: 'in-text', text: first, behind }
    if (kind === 1) return { kind: 'new-block', parent: first, behind }
    throw new RangeError('not a place')
  }
  try {
    if (number() !== version) return undefined
    const record: MoveRecord = {
      kind: kindOf(),
      since: number(),
      known: new Map(list(() => [number(), number()] as const)),
      runs: list(() => ({
        client: number(),
        clock: number(),
        length: number(),
        toClock: number(),
      })),
      given: list(() => ({ client: number(), clock: number(), length: number() })),
      gone: list(id),
      places: list(() => ({ text: id(), place: place() })),
    }
    if (!decoding.hasContent(decoder)) return record
    const leaders = list(maybeId, 1)
    return {
      ...record,
      runs: record.runs.map((run, i) => ({ ...run, leader: leaders[i] ?? null })),
    }
  } catch {
    return undefined // bytes of a peer that are not a record: there is nothing to follow
  }
}
