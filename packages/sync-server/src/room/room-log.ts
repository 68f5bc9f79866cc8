/**
 * The part of a document's log that a room holds: `base` (the snapshot) and `tail` (the rows after
 * it), as bytes. Answers joins and catch-ups from them. Never builds a document.
 *
 * 1. Rows are numbered as the store numbers them: without gaps, in the order of `append`.
 * 2. An answer is a list of frames in which the last is the Step2, so that whoever counts as synced
 *    after the first Step2 has everything.
 * 3. The same answer is made once, however many ask for it.
 * 4. Bytes of its own that nobody can ask for any more are freed: of rows that are in a snapshot and were
 *    sent, and of a snapshot that another took the place of.
 */
import {
  type CompactionJob,
  freeBufferOf,
  freeBytes,
  type NumberedUpdate,
  type Snapshot,
  shouldCompact,
} from '@quire/persistence'
import { type StateVector, updateOfDeleteSet } from '@quire/protocol'
import * as Y from 'yjs'
import type { WireFrame } from '../session/frame-writer.ts'
import { deletionsOf, snapshotClocks } from './room-load.ts'
import { areMerged, mergeAll, step2Frame, updateFrame } from './update-frames.ts'

/** The update that says nothing: no structs, no deletions. */
const emptyUpdateBytes = 2

/** What of the tail is compacted at once, beside a small snapshot. */
const compactedBytesMin = 4 * 1024 * 1024

/** Answers kept for state vectors, for storms in which many reconnect from the same state. */
const answersMax = 32
const answerKeyBytesMax = 4 * 1024
/** What they may hold together beside a small document; beside a large one, as much as it has. */
const answersBytesMin = 256 * 1024

interface Answer {
  readonly frames: readonly WireFrame[]
  readonly head: number
  readonly baseNumber: number
  readonly bytes: number
}

export class RoomLog {
  /** Whether some of its rows are being compacted, and so will go; said by whoever has it done. */
  isCompacting = false
  #base: Snapshot | undefined
  #tail: NumberedUpdate[]
  #tailBytes = 0
  /** Of those bytes, what is not durable yet. */
  #unsavedBytes = 0
  #head: number
  #storedHead: number
  /** Rows and snapshots up to here are as the store gave them: views on a buffer of several. */
  readonly #loadedHead: number
  #baseFrame: WireFrame | undefined = undefined
  #baseClocks: StateVector | undefined = undefined
  /** The tail up to a row as one update; grows with the tail. */
  #merged: { readonly to: number; readonly update: Uint8Array } | undefined = undefined
  readonly #answers = new Map<string, Answer>()
  #answersBytes = 0

  constructor(stored: {
    readonly snapshot: Snapshot | undefined
    readonly tail: readonly NumberedUpdate[]
    readonly head: number
  }) {
    this.#base = stored.snapshot
    // Who wrote a row is the store's to keep.
    this.#tail = stored.tail.map(({ number, update }) => ({ number, update }))
    for (const { update } of stored.tail) this.#tailBytes += update.length
    this.#head = stored.head
    this.#storedHead = stored.head
    this.#loadedHead = stored.head
  }

  /** The number of the last row, durable or not. */
  get head(): number {
    return this.#head
  }

  /** The number of the last durable row. */
  get storedHead(): number {
    return this.#storedHead
  }

  get unsavedCount(): number {
    return this.#head - this.#storedHead
  }

  get bytes(): number {
    return this.snapshotBytes + this.#tailBytes
  }

  get snapshotBytes(): number {
    return this.#base?.update.length ?? 0
  }

  /** Of the rows after the snapshot. */
  get tailBytes(): number {
    return this.#tailBytes
  }

  /** Snapshot and rows, in order. */
  *updates(): Generator<Uint8Array> {
    if (this.#base) yield this.#base.update
    for (const { update } of this.#tail) yield update
  }

  /** Adds a row and returns its number. The bytes become the log's own, with the buffer that they lie in. */
  append(update: Uint8Array): number {
    this.#head += 1
    this.#tail.push({ number: this.#head, update })
    this.#tailBytes += update.length
    this.#unsavedBytes += update.length
    return this.#head
  }

  /** The rows up to `head` are durable. */
  stored(head: number): void {
    const from = this.#tail.length - this.unsavedCount
    for (const { update } of this.#tail.slice(from, from + head - this.#storedHead)) {
      this.#unsavedBytes -= update.length
    }
    this.#storedHead = head
  }

  /** What to compact, when the policy says that it is time. Only durable rows. */
  compactionDue(): CompactionJob | undefined {
    const facts = {
      snapshotBytes: this.snapshotBytes,
      tailBytes: this.#tailBytes - this.#unsavedBytes,
      tailRows: this.#tail.length - this.unsavedCount,
    }
    if (!shouldCompact(facts)) return undefined
    // As large as the snapshot, which is rewritten with it: then rewriting costs each byte a few times at
    // most, and a flood of edits is worked off in portions instead of being held twice.
    const bytesMax = Math.max(compactedBytesMin, facts.snapshotBytes)
    let bytes = 0
    const rowCount = this.#tail.findIndex(({ update }) => (bytes += update.length) > bytesMax)
    const end = Math.min(facts.tailRows, rowCount < 0 ? this.#tail.length : Math.max(1, rowCount))
    return { snapshot: this.#base, tail: this.#tail.slice(0, end) }
  }

  /**
   * Puts `snapshot`, which becomes the log's own, in the place of the rows that are in it. `sentHead`: the
   * last row of which no frame waits to be sent.
   */
  compacted(snapshot: Snapshot, sentHead: number): void {
    const last = this.#base
    if (last && last.number > this.#loadedHead) freeBytes(last.update)
    this.#base = snapshot
    const rows = this.#tail
    this.#tail = rows.filter(({ number }) => number > snapshot.number)
    for (const { number, update } of rows) {
      if (number > Math.min(snapshot.number, sentHead)) break
      if (number > this.#loadedHead) freeBufferOf(update)
    }
    this.#tailBytes = 0
    for (const { update } of this.#tail) this.#tailBytes += update.length
    this.#baseFrame = undefined
    this.#baseClocks = undefined
    this.#merged = undefined
    this.#answers.clear()
    this.#answersBytes = 0
  }

  /** All of the document as few updates, what came last first; made as they are asked for. */
  *parts(): Generator<Uint8Array> {
    const tail = this.#mergedTail()
    if (tail) yield tail
    if (this.#base) yield this.#base.update
  }

  /**
   * What comes after row `number`, in order, until it has `bytesMax` bytes or is one update; and the
   * number of the last row that is in it.
   */
  since(number: number, bytesMax: number): { frames: readonly WireFrame[]; to: number } {
    const first = this.#base?.number ?? 0
    // The rows may be inside the snapshot by now: more than needed, and never less.
    const base = number < first ? this.#base?.update : undefined
    const updates: Uint8Array[] = []
    let bytes = 0
    for (let at = Math.max(0, number - first); at < this.#tail.length; at++) {
      if ((base?.length ?? 0) + bytes >= bytesMax) break
      const { update } = this.#tail[at] as NumberedUpdate
      updates.push(update)
      bytes += update.length
    }
    const to = Math.max(number, first) + updates.length
    const rows = areMerged(updates.length, bytes) ? [mergeAll(updates)] : updates
    return { frames: (base ? [base, ...rows] : rows).map(updateFrame), to }
  }

  /** For a client that has nothing. */
  everything(): readonly WireFrame[] {
    const tail = this.#mergedTail()
    if (!this.#base) return [step2Frame(tail ?? new Uint8Array(emptyUpdateBytes))]
    this.#baseFrame ??= step2Frame(this.#base.update)
    return tail ? [updateFrame(tail), this.#baseFrame] : [this.#baseFrame]
  }

  /** For a client that has `clocks`, of those that are `known`; `vector` is the same as `clocks` as bytes. */
  difference(clocks: StateVector, vector: Uint8Array, known: StateVector): readonly WireFrame[] {
    if (clocks.size === 0) return this.everything()
    const baseNumber = this.#base?.number ?? 0
    const key =
      vector.length > answerKeyBytesMax ? undefined : Buffer.from(vector).toString('latin1')
    const kept = key === undefined ? undefined : this.#answers.get(key)
    if (kept?.head === this.#head && kept.baseNumber === baseNumber) return kept.frames
    const tailPart = this.#tailDifference(clocks, vector, known)
    const basePart = this.#base && this.#baseDifference(this.#base, clocks, vector)
    const parts = [tailPart, basePart].filter(
      (part) => part !== undefined && part.length > emptyUpdateBytes,
    ) as Uint8Array[]
    const step2 = parts.pop() ?? new Uint8Array(emptyUpdateBytes)
    const frames = [...parts.map((part) => updateFrame(part)), step2Frame(step2)]
    if (key !== undefined) {
      const bytes = frames.reduce((sum, { framed }) => sum + framed.length, 0)
      this.#keep(key, { frames, head: this.#head, baseNumber, bytes })
    }
    return frames
  }

  /** Whoever comes back with everything, as all do after a restart, is told deletions without a look at the content. */
  #tailDifference(
    clocks: StateVector,
    vector: Uint8Array,
    known: StateVector,
  ): Uint8Array | undefined {
    for (const [client, clock] of known) {
      if ((clocks.get(client) ?? 0) >= clock) continue
      const tail = this.#mergedTail()
      return tail && Y.diffUpdate(tail, vector)
    }
    const deletions = this.#tail.flatMap(({ update }) => deletionsOf(update) ?? [])
    return deletions.length > 0 ? mergeAll(deletions) : undefined
  }

  /**
   * A client that knows all inserts of the snapshot may still miss deletions, which no state vector
   * tells; it gets them without a look at the content.
   */
  #baseDifference(base: Snapshot, clocks: StateVector, vector: Uint8Array): Uint8Array {
    this.#baseClocks ??= snapshotClocks(base)
    for (const [client, clock] of this.#baseClocks) {
      if ((clocks.get(client) ?? 0) < clock) return Y.diffUpdate(base.update, vector)
    }
    return updateOfDeleteSet(base.deleteSet)
  }

  #mergedTail(): Uint8Array | undefined {
    const last = this.#tail.at(-1)
    if (!last) return undefined
    if (this.#merged?.to === last.number) return this.#merged.update
    const known = this.#merged
    const rows = known ? this.#tail.filter(({ number }) => number > known.to) : this.#tail
    const updates = rows.map(({ update }) => update)
    const update = mergeAll(known ? [known.update, ...updates] : updates)
    this.#merged = { to: last.number, update }
    return update
  }

  #keep(key: string, answer: Answer): void {
    this.#drop(key)
    this.#answers.set(key, answer)
    this.#answersBytes += answer.bytes
    // Odd state vectors, one after the other, must not hold the document as often.
    const bytesMax = Math.max(answersBytesMin, this.bytes)
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= answersMax && this.#answersBytes <= bytesMax) break
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#answersBytes -= this.#answers.get(key)?.bytes ?? 0
    this.#answers.delete(key)
  }
}
