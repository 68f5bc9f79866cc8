/**
 * Ledger. Which edits of this device the server has acknowledged as durable, and which it has not.
 * Is not a queue: the edits themselves live in the Y.Doc, and y-websocket sends them. Knows no
 * socket, no time and no bytes; `connection.ts` and `provider.ts` tell it what happened.
 *
 * 1. Each edit has a number, from 1. An edit that was acknowledged once stays acknowledged.
 * 2. Sync frames are counted per connection, from 1, exactly as the server counts them.
 * 3. A frame stands for the edits up to a number. The answer to the server's Step1 holds the whole
 *    document, so it stands for every edit made before it. A single update stands for what precedes
 *    it only when such an answer left before it on the same connection: earlier it may have gaps.
 * 4. A new connection starts with nothing sent: what was not acknowledged is pending again.
 */

/** What a sync frame is: Step1 asks, Step2 answers with all that the other side lacks, an update is one edit. */
export type SyncFrame = 'step1' | 'step2' | 'update'

export interface Ledger {
  /** Numbers an edit, and returns the number. */
  edited(): number
  /** The number of the last edit; 0 before the first. */
  readonly editCount: number
  /** Edits that were not acknowledged. */
  readonly unsavedCount: number
  /** The connection is open, its first Step2 is acknowledged, and so is every edit. Only then may anybody say "saved". */
  readonly isSaved: boolean
  /** A connection opened. */
  opened(): void
  /** A sync frame is handed to the socket. Call it before the socket has it, so that an ack cannot overtake. */
  sent(frame: SyncFrame): void
  /** The server says that the first `frameCount` sync frames of this connection are durable. False: it cannot be true, and was ignored. */
  acknowledged(frameCount: number): boolean
  /** The connection is gone, whoever closed it. */
  cut(): void
}

interface Mark {
  readonly frame: number
  readonly upTo: number
}

/** Marks kept at most. Past it every second one is dropped: acks are then believed later, never earlier. */
const marksMax = 4096

export function createLedger(): Ledger {
  let editCount = 0
  let savedUpTo = 0
  let isOpen = false
  let framesSent = 0
  let framesSaved = 0
  let firstStep2: number | undefined
  let marks: Mark[] = []

  function reset(open: boolean): void {
    isOpen = open
    framesSent = 0
    framesSaved = 0
    firstStep2 = undefined
    marks = []
  }

  return {
    edited: () => ++editCount,
    get editCount() {
      return editCount
    },
    get unsavedCount() {
      return editCount - savedUpTo
    },
    get isSaved() {
      return (
        isOpen && firstStep2 !== undefined && framesSaved >= firstStep2 && savedUpTo === editCount
      )
    },
    opened: () => reset(true),
    cut: () => reset(false),
    sent(frame) {
      if (!isOpen) return
      framesSent += 1
      if (frame === 'step2') firstStep2 ??= framesSent
      if (frame === 'step1' || firstStep2 === undefined) return
      if ((marks.at(-1)?.upTo ?? savedUpTo) === editCount) return
      marks.push({ frame: framesSent, upTo: editCount })
      if (marks.length > marksMax) {
        const last = marks.length - 1
        marks = marks.filter((_, index) => index % 2 === 1 || index === last)
      }
    },
    acknowledged(frameCount) {
      if (!isOpen || frameCount > framesSent || frameCount < framesSaved) return false
      framesSaved = frameCount
      const covered = marks.findLastIndex((mark) => mark.frame <= frameCount)
      if (covered >= 0) {
        savedUpTo = Math.max(savedUpTo, marks[covered]?.upTo ?? 0)
        marks.splice(0, covered + 1)
      }
      return true
    },
  }
}
