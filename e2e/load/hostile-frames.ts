/**
 * Frames that are meant to harm: to kill the process, to make it hold or compute much, or to confuse
 * it. Some are nonsense; some are legal and large. Each is sent by a client that opened as it should.
 *
 * What has to become of each is the business of the tests of `protocol` and `sync-server`; here only
 * the price is looked at.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultLimits } from '@quire/protocol'
import { frame, concat, varBytes, varText, varUint } from './generator/client-frame.ts'
import { traceFolder } from '../sim/trace-data.ts'

export interface HostileFrame {
  readonly name: string
  /** `raw`: bytes for the socket; otherwise messages, each in a frame of its own. */
  readonly frames: readonly { readonly bytes: Uint8Array; readonly isRaw: boolean }[]
}

type Bytes = Uint8Array | readonly number[]

const client = 4_000_000_007
const zeros = (count: number): Uint8Array => new Uint8Array(count)
const filled = (count: number, byte: number): Uint8Array => new Uint8Array(count).fill(byte)

const messages = (name: string, ...parts: readonly Uint8Array[]): HostileFrame => ({
  name,
  frames: parts.map((bytes) => ({ bytes, isRaw: false })),
})
const raw = (name: string, ...parts: readonly Uint8Array[]): HostileFrame => ({
  name,
  frames: parts.map((bytes) => ({ bytes, isRaw: true })),
})
const update = (...parts: readonly Bytes[]): Uint8Array => concat([[0, 2], varBytes(concat(parts))])
const step1 = (...parts: readonly Bytes[]): Uint8Array => concat([[0, 0], varBytes(concat(parts))])
const presence = (...parts: readonly Bytes[]): Uint8Array => concat([[1], varBytes(concat(parts))])

/** One client with one item whose content is `content`, in the root `t`; nothing deleted. */
const oneItem = (info: number, ...content: readonly Bytes[]): Uint8Array =>
  update([1, 1], varUint(client), [0, info, 1], varText('t'), ...content, [0])

const stateVector = (name: string, clientCount: number): HostileFrame =>
  messages(
    name,
    step1(
      varUint(clientCount),
      repeated(clientCount, (i) => [...varUint(i + 2 ** 31), 1]),
    ),
  )

const repeated = (count: number, part: (index: number) => Bytes): Uint8Array =>
  concat(Array.from({ length: count }, (_, i) => part(i)))

/** A typed character whose predecessor `clock - 1` is missing. */
const afterGap = (clock: number): Uint8Array =>
  update(
    [1, 1],
    varUint(client),
    varUint(clock),
    [0x84],
    varUint(client),
    varUint(clock - 1),
    varText('x'),
    [0],
  )

const socketFrames = (): readonly HostileFrame[] => [
  raw('frame that is not masked', Buffer.from([0x82, 0x02, 0, 0])),
  raw('frame with a reserved bit', frame(0x82 | 0x40, Uint8Array.of(0, 0))),
  raw('frame with an unknown opcode', frame(0x83, Uint8Array.of(0, 0))),
  raw('ping of 200 bytes', frame(0x89, zeros(200))),
  raw('ping in fragments', frame(0x09, zeros(10))),
  raw(
    'frame that claims 2^62 bytes',
    Buffer.from([0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ),
  raw('frame that claims 15 MB and stops', frame(0x82, zeros(15_000_000)).subarray(0, 1_000)),
  raw('text frame that is not UTF-8', frame(0x81, filled(1_000, 0xff))),
  raw(
    'message in 20,000 fragments',
    concat([frame(0x02, zeros(1)), repeated(20_000, () => frame(0x00, zeros(1)))]),
  ),
  raw(
    '10,000 pings at once',
    repeated(10_000, () => frame(0x89, zeros(100))),
  ),
  messages('frame of 17 MB', zeros(17_000_000)),
]

const messageFrames = (): readonly HostileFrame[] => [
  messages('sync without a subtype', Uint8Array.of(0)),
  messages('number without an end', filled(1_000_000, 0xff)),
  messages('state vector that claims 2^31 clients', step1(varUint(2 ** 31))),
  stateVector('state vector of 200,000 clients', 200_000),
  // The largest that is read.
  stateVector('state vector of 100,000 clients', defaultLimits.stateVectorClientsMax),
  messages('1,000 questions at once', ...Array.from({ length: 1_000 }, () => step1([0]))),
  messages(
    '1,000 questions for presence',
    ...Array.from({ length: 1_000 }, () => Uint8Array.of(3)),
  ),
  messages('presence that claims 10 million entries', presence(varUint(10_000_000))),
  messages(
    'presence of 10,000 clients',
    presence(
      varUint(10_000),
      repeated(10_000, (i) => [...varUint(i + 2 ** 31), 1, ...varText('{}')]),
    ),
  ),
  messages(
    'presence state of 5 MB',
    presence([1], varUint(client), [1], varBytes(filled(5_000_000, 0x5b))),
  ),
]

const updateFrames = (): readonly HostileFrame[] => [
  messages('update that claims 30 million clients', update(varUint(30_000_000), [0])),
  messages(
    'update that claims 30 million items',
    update([1], varUint(30_000_000), varUint(client), [0, 0]),
  ),
  messages(
    'delete set that claims 30 million ranges',
    update([0, 1], varUint(client), varUint(30_000_000)),
  ),
  messages('text that claims 1 GB', oneItem(4, varUint(1_000_000_000))),
  messages('JSON list that claims 10 million values', oneItem(2, varUint(10_000_000))),
  messages(
    '100,000 lists in lists',
    oneItem(
      8,
      [1],
      repeated(100_000, () => [117, 1]),
      [117, 0],
    ),
  ),
  messages(
    'JSON of 100,000 brackets',
    oneItem(5, varText('['.repeat(100_000) + ']'.repeat(100_000))),
  ),
  messages(
    '10,000 types in types',
    update(
      varUint(1),
      varUint(10_000),
      varUint(client),
      [0],
      repeated(10_000, (i) =>
        i === 0
          ? [7, 1, ...varText('t'), 3, ...varText('a')]
          : [7, 0, ...varUint(client), ...varUint(i - 1), 3, ...varText('a')],
      ),
      [0],
    ),
  ),
  messages(
    'clock near 2^53',
    update(
      [1, 1],
      varUint(client),
      varUint(Number.MAX_SAFE_INTEGER - 1),
      [4, 1],
      varText('t'),
      varText('abc'),
      [0],
    ),
  ),
  messages(
    'deleted item of 2^50 clocks',
    update([1, 1], varUint(client), [0, 0], varUint(2 ** 50), [0]),
  ),
  messages(
    '500,000 items of one character',
    update(
      [1],
      varUint(500_000),
      varUint(client),
      [0],
      repeated(500_000, (i) =>
        i === 0
          ? [4, 1, ...varText('t'), 1, 120]
          : [0x84, ...varUint(client), ...varUint(i - 1), 1, 120],
      ),
      [0],
    ),
  ),
  messages(
    'delete set of 500,000 ranges',
    update(
      [0, 1],
      varUint(client),
      varUint(500_000),
      repeated(500_000, (i) => [...varUint(i * 2), 1]),
    ),
  ),
  messages('15 MB of zeros as an update', update(zeros(15_000_000))),
  messages(
    '5,000 updates whose predecessors are missing',
    ...Array.from({ length: 5_000 }, (_, i) => afterGap(10 + 2 * i)),
  ),
]

/** The frames of our own making, and those of the shared collection where it is at hand. */
export function hostileFrames(): readonly HostileFrame[] {
  return [...socketFrames(), ...messageFrames(), ...updateFrames(), ...collected()]
}

function collected(): readonly HostileFrame[] {
  const traces = traceFolder()
  const file = traces && join(traces, '../security/hostile-frames.json')
  if (!file || !existsSync(file)) return []
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly vectors: readonly { readonly name: string; readonly frame_b64: string }[]
  }
  return vectors.map((vector) => messages(vector.name, Buffer.from(vector.frame_b64, 'base64')))
}
