/** Bytes of hostile messages, made by hand because no library would make them. For `hostile-frames.ts`. */
import * as Y from 'yjs'

/** The Yjs client id under which hostile updates are sent. */
export const hostileClient = 5

/** Writes lib0's primitives. */
export class Bytes {
  readonly #parts: Uint8Array[] = []

  static of(write: (bytes: Bytes) => void): Uint8Array {
    const bytes = new Bytes()
    write(bytes)
    return Uint8Array.from(Buffer.concat(bytes.#parts))
  }

  raw(part: Uint8Array): this {
    this.#parts.push(part)
    return this
  }

  /** varUint of any size, also beyond what is a safe integer. */
  uint(value: number | bigint): this {
    const bytes: number[] = []
    let rest = BigInt(value)
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128)
      rest >>= 7n
    }
    return this.raw(Uint8Array.from([...bytes, Number(rest)]))
  }

  /** A length and these bytes. */
  block(part: Uint8Array): this {
    return this.uint(part.length).raw(part)
  }

  text(text: string): this {
    return this.block(new TextEncoder().encode(text))
  }
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))
}

export const many = (text: string, count: number): string => text.repeat(count)

const message = (subtype: 0 | 1 | 2, body: Uint8Array): Uint8Array =>
  Bytes.of((bytes) => bytes.uint(0).uint(subtype).block(body))

export const step1 = (vector: Uint8Array): Uint8Array => message(0, vector)
export const update = (body: Uint8Array): Uint8Array => message(2, body)

export const presence = (body: Uint8Array): Uint8Array =>
  Bytes.of((bytes) => bytes.uint(1).block(body))

/** `count` clients that all show `json`. */
export function presenceOf(json: string, count = 1): Uint8Array {
  return presence(
    Bytes.of((bytes) => {
      bytes.uint(count)
      for (let i = 0; i < count; i++)
        bytes
          .uint(5_000_000 + i)
          .uint(1)
          .text(json)
    }),
  )
}

/** An update of one client from structs that are given as bytes. */
export function structs(parts: {
  readonly client?: number
  readonly clock?: number | bigint
  readonly structs: readonly Uint8Array[]
}): Uint8Array {
  const { client = hostileClient, clock = 0 } = parts
  return Bytes.of((bytes) => {
    bytes.uint(1).uint(parts.structs.length).uint(client).uint(clock)
    for (const struct of parts.structs) bytes.raw(struct)
    bytes.uint(0)
  })
}

export const oneStruct = (written: string, clock: number | bigint = 0): Uint8Array =>
  structs({ clock, structs: [hex(written)] })

/** One letter under a root. */
export const rootText = '04 01 01 61 01 78'

export const gc = (length: number): Uint8Array => Bytes.of((bytes) => bytes.uint(0).uint(length))
export const skip = (length: number): Uint8Array => Bytes.of((bytes) => bytes.uint(10).uint(length))

/** Ranges of one client: `[from, length]` each. */
export function deleteSet(client: number, ranges: Iterable<readonly [number, number]>): Uint8Array {
  const list = [...ranges]
  return Bytes.of((bytes) => {
    bytes.uint(1).uint(client).uint(list.length)
    for (const [from, length] of list) bytes.uint(from).uint(length)
  })
}

export const onlyDeletes = (deletes: Uint8Array): Uint8Array =>
  Uint8Array.from(Buffer.concat([Uint8Array.of(0), deletes]))

/** Single clocks, `step` apart. */
export function* every(count: number, step: number): Generator<readonly [number, number]> {
  for (let i = 0; i < count; i++) yield [i * step, 1]
}

export function honest(client: number, write: (doc: Y.Doc) => void): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = client
  doc.transact(() => write(doc))
  return doc
}

/** Types in each other, `depth` deep; with siblings between them when told so. */
export function nested(depth: number, withSiblings: boolean): Uint8Array {
  const doc = honest(hostileClient, (made) => {
    let parent: Y.XmlFragment = made.getXmlFragment('content')
    for (let i = 0; i < depth; i++) {
      const child = new Y.XmlElement('b')
      parent.insert(0, withSiblings ? [new Y.XmlText('a'), child] : [child])
      parent = child
    }
  })
  return Y.encodeStateAsUpdate(doc)
}

/** The same, each level a message of its own. */
export function nestedStepByStep(depth: number): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = hostileClient
  const messages: Uint8Array[] = []
  doc.on('update', (part: Uint8Array) => messages.push(update(part)))
  let parent: Y.XmlFragment = doc.getXmlFragment('content')
  for (let i = 0; i < depth; i++) {
    const child = new Y.XmlElement('b')
    parent.insert(0, [child])
    parent = child
  }
  return messages
}

/** Letters that each stand behind one of another client's. */
export function manyNeeds(count: number): Uint8Array {
  return structs({
    structs: Array.from({ length: count }, (_, i) =>
      Bytes.of((bytes) =>
        bytes
          .raw(Uint8Array.of(0x84))
          .uint(10_000_000 + i)
          .uint(0)
          .text('x'),
      ),
    ),
  })
}

/** Letters of two clients, in turn each behind the last of the other; the first of the one stands behind the last of the other. */
export function waitingForEachOther(count: number): Uint8Array {
  return Bytes.of((bytes) => {
    bytes.uint(2)
    for (const [client, other] of [
      [7_002, 7_001],
      [7_001, 7_002],
    ] as const) {
      bytes.uint(count).uint(client).uint(0)
      for (let clock = 0; clock < count; clock++) {
        const isFirst = client === 7_001 && clock === 0
        const behind = isFirst ? count - 1 : clock - (client === 7_001 ? 1 : 0)
        bytes.raw(Uint8Array.of(0x84)).uint(other).uint(behind).text('x')
      }
    }
    bytes.uint(0)
  })
}
