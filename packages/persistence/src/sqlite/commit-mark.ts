/**
 * The mark: which commit was confirmed last, in a file beside the database.
 *
 * SQLite cannot tell a write-ahead log whose end was damaged from one that was cut by a crash: it drops
 * what follows the first bad frame and goes on. The mark can tell. It is written after the commit is on
 * the disk and without a sync of its own, so it may be older than the database but never newer. A
 * database that does not have the commit that the mark names has lost something that was confirmed.
 *
 * Is not needed to read the database: without the file, or when it is torn, nothing is compared.
 */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { checksum } from './checksum.ts'

/** Stands for a document where a commit is a row of the journal. */
export const inJournal = 0

/** A write that was confirmed: the row of the document, or of the journal, then had at least this `order`. */
export interface Commit {
  /** Or {@link inJournal}. */
  readonly documentId: number
  readonly order: number
}

const markBytes = 64

export class CommitMark {
  readonly #handle: number
  readonly #bytes = Buffer.alloc(markBytes)

  /** Opens or makes the file. */
  constructor(file: string) {
    this.#handle = openSync(file, constants.O_RDWR | constants.O_CREAT)
  }

  /** The last commit that was written down, if there is one that can be read. */
  read(): Commit | undefined {
    const count = readSync(this.#handle, this.#bytes, 0, markBytes, 0)
    const text = this.#bytes.toString('latin1', 0, count)
    const [, body = '', documentId, order, sum] =
      /^(quire confirmed (\d+) (\d+)) (\d+) *\n/.exec(text) ?? []
    if (Number(sum) !== checksum(body) || body === '') return undefined
    return { documentId: Number(documentId), order: Number(order) }
  }

  /** Writes down a commit that is on the disk. False: it could not, and the older mark stays, which is as true as before. */
  write({ documentId, order }: Commit): boolean {
    const body = `quire confirmed ${documentId} ${order}`
    this.#bytes.write(`${`${body} ${checksum(body)}`.padEnd(markBytes - 1)}\n`, 'latin1')
    try {
      return writeSync(this.#handle, this.#bytes, 0, markBytes, 0) === markBytes
    } catch {
      return false // the commit itself is on the disk and must not be reported as failed
    }
  }

  close(): void {
    closeSync(this.#handle)
  }
}
