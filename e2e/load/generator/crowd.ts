/**
 * The clients of one document: who types, who moves a cursor, and what each has received of it.
 *
 * 1. A delivery is one character of somebody else that a socket had not received before, however many
 *    frames, merges and repeats brought it.
 * 2. A position counts as shown when it or a newer one of the same cursor came.
 */
import * as Y from 'yjs'
import type { Holding, Target } from './commands.ts'
import { cursorEntries, readCursors } from './cursors.ts'
import { Extent, Extents } from './extent.ts'
import { LoadSocket } from './load-socket.ts'
import type { Tally } from './tally.ts'
import { type Place, typedUpdate } from './typed-update.ts'
import { RangeReader } from './update-ranges.ts'

interface Typist {
  readonly client: number
  readonly member: Member
  readonly place: Place
  /** When each character was sent, by clock. */
  readonly sentMs: number[]
}

interface Mover {
  readonly client: number
  readonly member: Member
  /** When each position was sent, by move. */
  readonly sentMs: number[]
}

/** One socket and what it has received. */
export interface Member {
  readonly socket: LoadSocket
  readonly startMs: number
  /** Undefined until the opening exchange is over. */
  syncedMs: number | undefined
  /** Of the close frame, or 1006; undefined while the socket is open. */
  closeCode: number | undefined
  /** What was received of each typist, and the last position of each mover, by their indexes. */
  readonly received: Extent[]
  readonly shown: number[]
  /** What was received of clients that do not type: the content that was seeded. */
  readonly seeded: Extents
  /** When sync frames were sent, by their number; and how many the server has said are on disk. */
  readonly frameSentMs: number[]
  saved: number
  /** What came, read with Yjs; only for those whose content is looked at. */
  doc: Y.Doc | undefined
}

export interface CrowdOptions {
  readonly target: Target
  readonly document: string
  readonly holds: Holding | undefined
  /** Client ids are this and those that follow. */
  readonly firstClient: number
  readonly tally: Tally
}

export class Crowd {
  readonly members: Member[] = []
  readonly typists: Typist[] = []
  readonly movers: Mover[] = []
  readonly #options: CrowdOptions
  readonly #typistOf = new Map<number, number>()
  readonly #moverOf = new Map<number, number>()
  readonly #reader = new RangeReader()

  constructor(options: CrowdOptions) {
    this.#options = options
  }

  /** Connects one more socket; `onSynced` is called at most once. */
  join({ showsItself, onSynced }: { showsItself: boolean; onSynced: () => void }): Member {
    const { target, document, holds, firstClient } = this.#options
    const client = firstClient + this.members.length
    const synced = (): void => {
      if (member.syncedMs !== undefined) return
      member.syncedMs = performance.now()
      onSynced()
    }
    const socket = new LoadSocket({
      target,
      document,
      holds,
      onUpdate: (update, isAnswer) => {
        this.#receive(member, update)
        if (isAnswer) synced()
      },
      onPresence: (entries) => this.#see(member, entries),
      onSaved: (count) => this.#saved(member, count),
      onOpen: () => {
        if (showsItself) socket.raw.write(socket.frames.presence(cursorEntries(client, 1, 0)))
        if (target.dialect === 'relay') synced()
      },
      onClose: (code) => {
        member.closeCode = code
      },
    })
    const member: Member = {
      socket,
      startMs: performance.now(),
      syncedMs: undefined,
      closeCode: undefined,
      received: [],
      shown: [],
      seeded: new Extents(),
      frameSentMs: [],
      saved: 0,
      doc: undefined,
    }
    this.members.push(member)
    return member
  }

  addTypist(member: Member, place: Place): Typist {
    const client = this.#options.firstClient + this.members.indexOf(member)
    const typist = { client, member, place, sentMs: [] }
    this.#typistOf.set(client, this.typists.length)
    this.typists.push(typist)
    return typist
  }

  addMover(member: Member): Mover {
    const client = this.#options.firstClient + this.members.indexOf(member)
    const mover = { client, member, sentMs: [performance.now()] }
    this.#moverOf.set(client, this.movers.length)
    this.movers.push(mover)
    return mover
  }

  key({ client, member, place, sentMs }: Typist): void {
    const { tally } = this.#options
    const nowMs = performance.now()
    const char = 'abcdefghij klmnop'.charAt(sentMs.length % 17)
    const update = typedUpdate(client, sentMs.length, place, char)
    sentMs.push(nowMs)
    member.socket.sendUpdate(update)
    member.frameSentMs[member.socket.syncFramesSent] = nowMs
    tally.sent(this.members.length - 1)
  }

  moveCursor({ client, member, sentMs }: Mover): void {
    const move = sentMs.length
    sentMs.push(performance.now())
    const entries = cursorEntries(client, move + 1, move)
    member.socket.raw.write(member.socket.frames.presence(entries))
    this.#options.tally.moved()
  }

  /** Characters that sockets of others have not received. */
  get missing(): number {
    let missing = 0
    for (const [i, typist] of this.typists.entries()) {
      for (const member of this.members) {
        if (member !== typist.member)
          missing += typist.sentMs.length - (member.received[i]?.end ?? 0)
      }
    }
    return missing
  }

  /** Last positions that sockets of others have not been shown. */
  get notShown(): number {
    let count = 0
    for (const [i, mover] of this.movers.entries()) {
      const last = mover.sentMs.length - 1
      for (const member of this.members) {
        if (last > 0 && member !== mover.member && (member.shown[i] ?? 0) < last) count += 1
      }
    }
    return count
  }

  #receive(member: Member, update: Uint8Array): void {
    const { tally } = this.#options
    const nowMs = performance.now()
    const ranges = this.#reader.read(update)
    tally.framed(update.length)
    if (member.doc) Y.applyUpdate(member.doc, update)
    for (let r = 0; r < ranges.length; r += 3) {
      const client = ranges[r] as number
      const from = ranges[r + 1] as number
      const to = ranges[r + 2] as number
      const index = this.#typistOf.get(client)
      const typist = index === undefined ? undefined : this.typists[index]
      if (index === undefined || typist === undefined) {
        member.seeded.of(client).add(from, to)
        continue
      }
      if (typist.member === member) continue
      const extent = (member.received[index] ??= new Extent())
      const before = extent.end
      extent.add(from, to)
      for (let clock = before; clock < extent.end; clock++) {
        tally.delivered(nowMs - (typist.sentMs[clock] ?? nowMs))
      }
    }
  }

  #see(member: Member, entries: Uint8Array): void {
    const nowMs = performance.now()
    readCursors(entries, (client, move) => {
      const index = this.#moverOf.get(client)
      const mover = index === undefined ? undefined : this.movers[index]
      if (index === undefined || mover === undefined || mover.member === member) return
      const before = member.shown[index] ?? 0
      for (let i = before + 1; i <= move; i++) {
        this.#options.tally.shown(nowMs - (mover.sentMs[i] ?? nowMs))
      }
      if (move > before) member.shown[index] = move
    })
  }

  #saved(member: Member, count: number): void {
    const nowMs = performance.now()
    for (let frame = member.saved + 1; frame <= count; frame++) {
      const sentMs = member.frameSentMs[frame]
      if (sentMs !== undefined) this.#options.tally.acknowledged(nowMs - sentMs)
    }
    member.saved = count
  }
}
