import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import {
  decodeClientMessage,
  defaultLimits,
  encodePresence,
  encodeStep1,
  encodeToken,
  encodeUpdate,
  type Refused,
  refusedByBeginning,
  scanUpdate,
} from './index.ts'

const limits = defaultLimits

/** What becomes of a message that is looked at as a whole. */
function refusedWhole(message: Uint8Array): Refused | undefined {
  const decoded = decodeClientMessage(message, limits)
  if (decoded.kind === 'refused') return decoded
  if (decoded.kind === 'presence') {
    const isTooMuch = decoded.entries.length > limits.presenceBytesMax
    return isTooMuch ? { kind: 'refused', close: 'tooLarge', why: '' } : undefined
  }
  if (decoded.kind !== 'step2' && decoded.kind !== 'update') return undefined
  const scan = scanUpdate(decoded.update, limits)
  return scan.kind === 'refused' ? scan : undefined
}

/** A document with every kind of content, written by two. */
function anUpdate(): Uint8Array {
  const docs = [new Y.Doc(), new Y.Doc()] as const
  docs.forEach((doc, i) => {
    doc.clientID = 1_000_000 + i
    doc.getText('t').insert(0, 'words and żółw '.repeat(20), { link: { href: 'x' } })
    doc.getMap('m').set('any', { deep: [1, 'two', null, 2.5, new Uint8Array(9)] })
    doc.getMap('m').set('doc', new Y.Doc({ guid: 'inner' }))
    doc.getXmlFragment('x').insert(0, [new Y.XmlElement('p')])
    doc.getText('t').delete(3, 5)
    doc.getText('t').insertEmbed(2, { image: 'y' })
  })
  return Y.mergeUpdates(docs.map((doc) => Y.encodeStateAsUpdate(doc)))
}

test('[WR11] the beginning of an honest message is never refused, wherever it ends', () => {
  const honest = [
    encodeUpdate(anUpdate()),
    encodeStep1(Y.encodeStateVectorFromUpdate(anUpdate())),
    encodePresence(new Uint8Array(1_000)),
    encodeToken('t'.repeat(1_000)),
  ]
  for (const message of honest) {
    expect(refusedWhole(message)).toBeUndefined()
    for (let end = 0; end < message.length; end++) {
      expect(refusedByBeginning(message.subarray(0, end), message.length, limits)).toBeUndefined()
    }
  }
})

test('[WR11] what the beginning of a mutated message is refused for, all of it is refused for', () => {
  const random = createSeededRandom(20)
  const honest = encodeUpdate(anUpdate())
  let refusedCount = 0
  for (let i = 0; i < 2_000; i++) {
    const message = Uint8Array.from(honest)
    const from = random.below(2) === 0 ? random.below(12) : random.below(message.length)
    message[from] = random.below(256)
    const end = random.below(message.length)
    const early = refusedByBeginning(message.subarray(0, end), message.length, limits)
    if (!early) continue
    refusedCount += 1
    expect(refusedWhole(message), `mutation ${i}`).toEqual(early)
  }
  expect(refusedCount).toBeGreaterThan(250)
})

test('[WR11] large messages that are wrong in their first bytes are refused by them', () => {
  const megabytes = 15_000_000
  const close = (first: readonly number[], length = megabytes) =>
    refusedByBeginning(Uint8Array.from([...first, ...new Uint8Array(64)]), length, limits)?.close
  const rest = (head: number) => [...varUint(megabytes - head - 4)]
  expect(close(Array<number>(64).fill(0xff))).toBe('malformed')
  expect(close([0, 2, ...rest(2), 0, 0])).toBe('malformed')
  expect(close([0, 2, ...rest(2), 1, ...varUint(5_000_000), 7, 0])).toBe('tooLarge')
  expect(close([0, 2, ...rest(2), 0, 1, 7, ...varUint(5_000_000)])).toBe('tooLarge')
  expect(close([0, 2, ...varUint(megabytes)])).toBe('malformed')
  expect(close([0, 2, 9, 0])).toBe('malformed')
  expect(close([0, 9, ...rest(2)])).toBe('malformed')
  expect(close([1, ...rest(1)])).toBe('tooLarge')
  expect(close([2, 0, ...rest(2)])).toBe('tooLarge')
  expect(close([99])).toBe('malformed')
  expect(close([], limits.frameBytesMax + 1)).toBe('tooLarge')
})

test('[WR11] a state vector that names too many clients is refused by their count, one that may is not', () => {
  const vector = new Uint8Array(6_000_004)
  vector.set(varUint(3_000_000))
  const message = encodeStep1(vector)
  const early = (clientsMax?: number) =>
    refusedByBeginning(message.subarray(0, 64), message.length, limits, clientsMax)?.close
  expect(early(2_999_999)).toBe('tooLarge')
  expect(early(3_000_000)).toBeUndefined()
  expect(early()).toBeUndefined()
  const short = encodeStep1(vector.subarray(0, 5_000_000))
  expect(refusedByBeginning(short.subarray(0, 64), short.length, limits)?.close).toBe('malformed')
})

/** Of a number below 2^28 and above 2^21: four bytes. */
function varUint(value: number): number[] {
  return [0, 7, 14, 21].map((bits) => ((value >> bits) & 0x7f) | (bits < 21 ? 0x80 : 0))
}
