/**
 * Frame count: how many acknowledgements one frame of a client is due. A client counts what it has
 * sent and what it was told is saved; this counts the same frames, so that both end at the same number.
 * Knows nothing of what is durable (`ack-ledger.ts`).
 */
import type { ScannedUpdate } from '@quire/protocol'

export interface FrameCount {
  /** A Step1 came; `vector` is how far the client was when it sent it. True: what waits is not counted any more. */
  step1(vector: ReadonlyMap<number, number>): boolean
  /** How many acknowledgements the Step2 or Update is due: one, or none. Called once for each, in order. */
  of(scan: ScannedUpdate, isAnswer: boolean): 0 | 1
  /** The client has sent an Update that is certainly new; it will be asked about in its turn. */
  noteNew(): void
  /** How many frames may or may not have been counted by the client; zero from then on. */
  takeDoubtful(): number
}

/** A `quire.v1` client counts every sync frame. Its Step1 is noted like the others. */
const everyFrame: FrameCount = {
  step1: () => false,
  of: () => 1,
  noteNew: () => undefined,
  takeDoubtful: () => 0,
}

/**
 * The counter of `@hocuspocus/provider` (`unsyncedChanges`), seen from the server:
 *
 * 1. A Step1 sets it to one, for the Step2 that will answer ours. What was sent before is not counted
 *    any more, and a second Step2 is not counted at all.
 * 2. An Update adds one.
 * 3. Edits made while there was no socket wait in a queue that is sent after the first Step1, which has
 *    forgotten them, when the client hears something for the first time. They are told from new ones by
 *    that, and by their clocks: the Step1 had those already.
 * 4. Deletions have no clocks. Those that come alone after the client may have heard something, and
 *    before its first Step2, may be from the queue or not; they are `doubtful`, and due nothing. A
 *    provider that never counts below zero can be told about them later, when it waits for nothing else.
 */
class UnsyncedCount implements FrameCount {
  #isAnswerDue = false
  #hasBegun = false
  /** How far the client was at its first Step1; until the Step2 came. */
  #queueVector: ReadonlyMap<number, number> | undefined = undefined
  #doubtful = 0
  /** Updates that are still to be asked about and are certainly new: they came before all others. */
  #newCount = 0

  step1(vector: ReadonlyMap<number, number>): boolean {
    this.#isAnswerDue = true
    this.#doubtful = 0
    this.#queueVector = this.#hasBegun ? undefined : vector
    this.#hasBegun = true
    return true
  }

  of({ inserts, deletes }: ScannedUpdate, isAnswer: boolean): 0 | 1 {
    if (isAnswer) {
      const isDue = this.#isAnswerDue
      this.#isAnswerDue = false
      this.#queueVector = undefined
      return isDue ? 1 : 0
    }
    const isNew = this.#newCount > 0
    if (isNew) this.#newCount -= 1
    const known = this.#queueVector
    if (isNew || !known) return 1
    if (inserts.some(({ client, to }) => to > (known.get(client) ?? 0))) return 1
    if (inserts.length === 0 && deletes.length > 0) this.#doubtful += 1
    return 0
  }

  noteNew(): void {
    this.#newCount += 1
  }

  takeDoubtful(): number {
    const count = this.#doubtful
    this.#doubtful = 0
    return count
  }
}

/** The count of one session, by what its client counts. */
export function frameCountOf(counts: 'syncFrames' | 'unsynced'): FrameCount {
  return counts === 'syncFrames' ? everyFrame : new UnsyncedCount()
}
