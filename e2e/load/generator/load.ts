/**
 * The load: does what a case asks for. Sockets, typists and cursors live here; how the one-off jobs go
 * (joins, flows, hostile frames) is in their own files.
 */
import { createSeededRandom } from '@quire/testkit'
import type {
  Commands,
  ConvergeReport,
  FlowOptions,
  FlowReport,
  JoinOptions,
  JoinReport,
  Measured,
  MoveOptions,
  OpenOptions,
  OpenReport,
  PokeOptions,
  PokeReport,
  Rested,
  TypeOptions,
} from './commands.ts'
import { Crowd, type Member } from './crowd.ts'
import { Flow } from './flow.ts'
import { joinDocument } from './join.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { Pace, type PacedTask } from './pace.ts'
import { poke } from './poke.ts'
import { Tally } from './tally.ts'
import type { Place } from './typed-update.ts'
import { eventually } from './eventually.ts'

/** Yjs draws client ids from 32 bits; most of them take five bytes on the wire. */
const firstClient = 2 ** 31
const clientsPerDocument = 4_096
const openMsMax = 60_000
const emptyText: Place = { kind: 'root', name: 't' }

/** Closed before it was synced. */
const isGone = ({ closeCode, syncedMs }: Member): boolean =>
  closeCode !== undefined && syncedMs === undefined

export class Load implements Commands {
  readonly #crowds: Crowd[] = []
  readonly #tally = new Tally()
  readonly #pace = new Pace()
  readonly #random = createSeededRandom(1)
  #typing: PacedTask[] = []
  #moving: PacedTask[] = []
  #flow: Flow | undefined = undefined

  async open(options: OpenOptions): Promise<OpenReport> {
    const { target, documents, socketsPerDocument, holds, showsItself = false } = options
    const count = documents.length * socketsPerDocument
    const atOnce = options.atOnce ?? count
    const opened: Member[] = []
    const startMs = performance.now()
    let synced = 0
    const isReady = (): boolean => synced + opened.filter(isGone).length >= opened.length
    const deadlineMs = startMs + (options.waitMsMax ?? openMsMax)
    for (const document of documents) {
      const crowd = new Crowd({
        target,
        document,
        holds,
        firstClient: firstClient + this.#crowds.length * clientsPerDocument,
        tally: this.#tally,
      })
      this.#crowds.push(crowd)
      for (let i = 0; i < socketsPerDocument; i++) {
        opened.push(crowd.join({ showsItself, onSynced: () => (synced += 1) }))
        if (opened.length % atOnce === 0) {
          await eventually(isReady, deadlineMs - performance.now())
        }
      }
    }
    await eventually(isReady, deadlineMs - performance.now())
    const latencies = new LatencyHistogram()
    let lastMs = startMs
    for (const { syncedMs, startMs: ownStartMs } of opened) {
      if (syncedMs === undefined) continue
      latencies.add(syncedMs - ownStartMs)
      lastMs = Math.max(lastMs, syncedMs)
    }
    return {
      allMs: lastMs - startMs,
      p50Ms: latencies.percentile(0.5),
      p95Ms: latencies.percentile(0.95),
      failed: count - synced,
    }
  }

  async seed({
    updates,
    clocks,
  }: {
    readonly updates: readonly Uint8Array[]
    readonly clocks: ReadonlyMap<number, number>
  }): Promise<void> {
    for (const { members } of this.#crowds) {
      for (const update of updates) members[0]?.socket.sendUpdate(update)
    }
    const has = ({ seeded }: Member): boolean => seeded.has(clocks)
    const isSeeded = await eventually(
      () => this.#crowds.every(({ members }) => members.slice(1).every(has)),
      openMsMax,
    )
    if (!isSeeded) throw new Error('the content did not reach everybody')
  }

  async type(options: TypeOptions): Promise<void> {
    const { typistsPerDocument, keysPerSecondEach, movesCursor = false, places } = options
    const periodMs = 1_000 / keysPerSecondEach
    for (const crowd of this.#crowds) {
      for (const [i, member] of crowd.members.slice(0, typistsPerDocument).entries()) {
        const typist = crowd.addTypist(member, places?.[i % places.length] ?? emptyText)
        const mover = movesCursor ? crowd.addMover(member) : undefined
        const key = (): void => {
          crowd.key(typist)
          if (mover) crowd.moveCursor(mover)
        }
        this.#typing.push(this.#pace.every(periodMs, this.#random.unit() * periodMs, key))
      }
    }
  }

  async setKeysPerSecond(keysPerSecondEach: number): Promise<void> {
    for (const task of this.#typing) task.setPeriod(1_000 / keysPerSecondEach)
  }

  async move({ moversPerDocument, movesPerSecondEach }: MoveOptions): Promise<void> {
    const periodMs = 1_000 / movesPerSecondEach
    for (const crowd of this.#crowds) {
      for (const member of crowd.members.slice(0, moversPerDocument)) {
        const mover = crowd.addMover(member)
        const act = (): void => crowd.moveCursor(mover)
        this.#moving.push(this.#pace.every(periodMs, this.#random.unit() * periodMs, act))
      }
    }
  }

  async startMeasuring(): Promise<void> {
    this.#tally.start()
  }

  async stopMeasuring(): Promise<Measured> {
    return this.#tally.stop()
  }

  async rest(waitMsMax: number): Promise<Rested> {
    for (const task of [...this.#typing, ...this.#moving]) task.stop()
    this.#typing = []
    this.#moving = []
    const startMs = performance.now()
    const sum = (of: (crowd: Crowd) => number): number =>
      this.#crowds.reduce((all, crowd) => all + of(crowd), 0)
    const missing = (): number => sum((crowd) => crowd.missing)
    const notShown = (): number => sum((crowd) => crowd.notShown)
    await eventually(() => missing() === 0 && notShown() === 0, waitMsMax)
    return {
      missing: missing(),
      notShown: notShown(),
      closedSockets: sum(
        ({ members }) => members.filter(({ closeCode }) => closeCode !== undefined).length,
      ),
      waitedMs: performance.now() - startMs,
    }
  }

  join(options: JoinOptions): Promise<JoinReport> {
    return joinDocument(options)
  }

  async flow(options: FlowOptions): Promise<FlowReport> {
    this.#flow = new Flow(this.#crowds[0]?.members ?? [], options)
    return this.#flow.run()
  }

  async converge(waitMsMax: number): Promise<ConvergeReport> {
    if (!this.#flow) throw new Error('nothing has flowed')
    return this.#flow.converge(waitMsMax)
  }

  poke(options: PokeOptions): Promise<PokeReport> {
    return poke(options)
  }

  async close(): Promise<void> {
    await this.rest(0)
    for (const { members } of this.#crowds) {
      for (const { socket } of members) socket.raw.terminate()
    }
    this.#crowds.length = 0
  }
}
