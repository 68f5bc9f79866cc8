/**
 * Valid frames, spoiled a little, and what must hold for whatever comes out. A mutant is made from a
 * seed alone, so its number is enough to see it again.
 */
import {
  ClockColumns,
  decodeClientMessage,
  decodeHocuspocusAddress,
  decodeHocuspocusMessage,
  defaultLimits,
  depthsOf,
  encodeStateVector,
  parsePresence,
  parseStateVector,
  scanUpdate,
  unitsOf,
} from '@quire/protocol'
import { createSeededRandom, type SeededRandom } from '@quire/testkit'
import { applyAwarenessUpdate, Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Knowledge } from '../src/room/knowledge.ts'
import { type Corpus, makeCorpus } from './mutation-corpus.ts'

/** Frames of one corpus for this many mutants in a row: making one costs as much as judging a hundred. */
export const mutantsPerCorpus = 2_000
/** Bytes at the edges of what numbers, lengths and kinds may be. */
const edges = [0, 1, 2, 7, 10, 63, 64, 127, 128, 129, 191, 192, 255]

export function mutate(frame: Uint8Array, random: SeededRandom, corpus: Corpus): Uint8Array {
  let bytes: Uint8Array = frame.slice()
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(bytes.length + 1)
    switch (random.below(8)) {
      case 0:
        bytes[random.below(Math.max(1, bytes.length))] = random.below(256)
        break
      case 1:
        bytes[random.below(Math.max(1, bytes.length))] = random.pick(edges)
        break
      case 2:
        bytes = bytes.slice(0, at)
        break
      case 3:
        bytes = joined(bytes.subarray(0, at), random.bytes(1 + random.below(4)), bytes.subarray(at))
        break
      case 4:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(4)))
        break
      case 5: {
        const other = random.pick(corpus.frames)
        const from = random.below(other.length)
        const part = other.subarray(from, from + 1 + random.below(24))
        bytes = joined(
          bytes.subarray(0, at),
          part,
          bytes.subarray(at + random.below(2) * part.length),
        )
        break
      }
      case 6: {
        const part = bytes.subarray(at, at + 1 + random.below(12))
        bytes = joined(bytes.subarray(0, at), part, bytes.subarray(at))
        break
      }
      default:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    }
  }
  return bytes
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

/**
 * Half of the mutations are of updates inside an envelope that stays whole: most of the others end at
 * the envelope, and the deeper reader should see something too.
 */
export function mutantOf(number: number, corpus: Corpus): Uint8Array {
  const random = createSeededRandom(number)
  if (random.chance(0.5)) return mutate(random.pick(corpus.frames), random, corpus)
  const update = mutate(random.pick(corpus.updates), random, corpus)
  const head = [0, random.chance(0.5) ? 1 : 2]
  for (let rest = update.length; ; rest = Math.floor(rest / 128)) {
    head.push(rest > 127 ? (rest % 128) | 128 : rest)
    if (rest <= 127) break
  }
  return joined(Uint8Array.from(head), update)
}

export function corpusFor(number: number): Corpus {
  return makeCorpus(1 + Math.floor(number / mutantsPerCorpus))
}

export type Judged = 'refused' | 'envelope' | 'update' | 'news'

/** Reads the frame as the server would, in both dialects. Throws when anything in it is more than a refusal. */
export function judge(frame: Uint8Array, { base, updates }: Corpus): Judged {
  const limits = defaultLimits
  const address = decodeHocuspocusAddress(frame, limits)
  let message = frame
  if ('address' in address) {
    const addressed = decodeHocuspocusMessage(frame, address.messageAt, limits)
    if (addressed.kind === 'document' && frame[0] !== 0) message = addressed.message
  }
  const read = decodeClientMessage(message, limits)
  switch (read.kind) {
    case 'refused':
      return 'refused'
    case 'step1':
      return judgeVector(read.stateVector, base)
    case 'presence':
      return judgePresence(read.entries)
    case 'step2':
    case 'update':
      return judgeUpdate(read.update, read.kind === 'step2', base, updates[0] ?? base)
    case 'client':
    case 'queryPresence':
    case 'token':
    default:
      return 'envelope'
  }
}

function judgeVector(vector: Uint8Array, base: Uint8Array): Judged {
  const clocks = parseStateVector(vector, defaultLimits.stateVectorClientsMax)
  if (!(clocks instanceof Map)) return 'refused'
  Y.diffUpdate(base, vector)
  encodeStateVector(clocks)
  return 'envelope'
}

function judgePresence(bytes: Uint8Array): Judged {
  const entries = parsePresence(bytes, defaultLimits)
  if ('kind' in entries) return 'refused'
  const doc = new Y.Doc()
  const awareness = new Awareness(doc)
  applyAwarenessUpdate(awareness, bytes, 'test')
  awareness.destroy()
  doc.destroy()
  return 'envelope'
}

function judgeUpdate(
  update: Uint8Array,
  isAnswer: boolean,
  base: Uint8Array,
  other: Uint8Array,
): Judged {
  const scan = scanUpdate(update, defaultLimits)
  if (scan.kind === 'refused') return 'refused'
  // What the scan takes, every reader of Yjs takes.
  Y.decodeUpdate(update)
  Y.mergeUpdates([update, other])
  Y.diffUpdate(update, Uint8Array.of(0))
  Y.applyUpdate(new Y.Doc(), update)
  depthsOf(update, () => 0)
  // The last few clocks, as they are compared.
  unitsOf(
    update,
    scan.inserts.map((range) => ({ ...range, from: Math.max(range.from, range.to - 64) })),
  )
  const clocks = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(base))
  const knowledge = new Knowledge(clocks, () => new ClockColumns())
  const verdict = knowledge.judge(update, scan, isAnswer)
  if (verdict.kind !== 'news') return 'update'
  // What is taken is complete, and leaves a document that can be written, read and loaded.
  const doc = new Y.Doc()
  Y.applyUpdate(doc, base)
  Y.applyUpdate(doc, verdict.update)
  if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error('something is pending')
  knowledge.learn(scan)
  const known = Buffer.from(knowledge.stateVector())
  if (!known.equals(Y.encodeStateVector(doc))) throw new Error('the clocks are not what Yjs has')
  const merged = Y.mergeUpdates([base, verdict.update])
  if (!known.equals(Y.encodeStateVectorFromUpdate(merged)))
    throw new Error('the merge lost something')
  const again = new Y.Doc()
  Y.applyUpdate(again, merged)
  Y.applyUpdate(new Y.Doc(), Y.encodeStateAsUpdate(again))
  JSON.stringify(again.toJSON(), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  return 'news'
}
