/**
 * A flow: some write megabytes into a document that stays small, each by setting a key of its own again
 * and again; others read, and the last of them may have stopped reading. What the server then holds
 * more is what it keeps for the one who does not read.
 */
import { createSeededRandom } from '@quire/testkit'
import * as Y from 'yjs'
import type { ConvergeReport, FlowOptions, FlowReport } from './commands.ts'
import type { Member } from './crowd.ts'
import { eventually } from './eventually.ts'

/** A writer waits for its own socket above this, so that the generator holds no backlog. */
const unsentBytesMax = 1024 * 1024

interface Writer {
  readonly key: string
  readonly member: Member
  readonly doc: Y.Doc
  last: string
}

export class Flow {
  readonly #members: readonly Member[]
  readonly #options: FlowOptions
  #writers: readonly Writer[] = []

  constructor(members: readonly Member[], options: FlowOptions) {
    this.#members = members
    this.#options = options
  }

  async run(): Promise<FlowReport> {
    const { megabytes, megabytesPerSecond, updateBytes, isPaused, writerCount } = this.#options
    const reader = this.#members.at(-1)
    if (!reader || this.#members.length <= writerCount) throw new Error('nobody reads')
    for (const member of this.#members.slice(writerCount)) member.doc = new Y.Doc()
    if (isPaused) reader.socket.raw.pause()

    let sentBytes = 0
    this.#writers = this.#members.slice(0, writerCount).map((member, i) => {
      const doc = new Y.Doc()
      doc.on('update', (update: Uint8Array) => {
        sentBytes += update.length
        member.socket.sendUpdate(update)
      })
      return { key: `value-${i}`, member, doc, last: '' }
    })
    const random = createSeededRandom(2)
    const noise = Buffer.from(random.bytes(updateBytes * 2)).toString('base64')
    const startMs = performance.now()
    for (let turn = 0; sentBytes < megabytes * 1e6; turn++) {
      const allowed = ((performance.now() - startMs) / 1_000) * megabytesPerSecond * 1e6
      const writer = this.#writers[turn % writerCount]
      if (writer && sentBytes <= allowed && isReady(writer)) {
        const from = random.below(updateBytes)
        writer.last = noise.slice(from, from + updateBytes)
        writer.doc.getMap('m').set(writer.key, writer.last)
      } else await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await eventually(
      () => this.#writers.every(({ member }) => member.socket.raw.unsentBytes === 0),
      60_000,
    )
    return { sentMegabytes: sentBytes / 1e6, flowMs: performance.now() - startMs }
  }

  async converge(waitMsMax: number): Promise<ConvergeReport> {
    const readers = this.#members.slice(this.#options.writerCount)
    const startMs = performance.now()
    readers.at(-1)?.socket.raw.resume()
    const hasLast = ({ doc }: Member): boolean =>
      this.#writers.every(({ key, last }) => doc?.getMap('m').get(key) === last)
    const hasConverged = await eventually(() => readers.every(hasLast), waitMsMax)
    return {
      hasConverged,
      ms: performance.now() - startMs,
      closeCodes: this.#members.flatMap(({ closeCode }) => closeCode ?? []),
    }
  }
}

function isReady({ member }: Writer): boolean {
  return member.socket.raw.unsentBytes < unsentBytesMax
}
