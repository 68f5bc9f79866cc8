/**
 * The appends of one PostgreSQL store.
 *
 * 1. They run one after the other, in the order in which they were called.
 * 2. One whose answer was lost is repeated under the number of its batch: the database answers what it
 *    did when it was done, and does it when it was not. After `retryMs` it fails with `io`.
 * 3. At most `waitingBytesMax` wait. What comes beyond them fails with `io` at once and is not kept: who
 *    calls has it, and can tell people.
 */
import { type Clock, type Log, must, type Random, randomId, reasonOf } from '@quire/base'
import type pg from 'pg'
import { type Append, type AppendResult, StoreError } from '../store.ts'
import { type AppendArguments, argumentsOf, resultsOf } from './append-batch.ts'
import { isPassing, storeErrorOf } from './postgres-error.ts'
import { Statement } from './statement.ts'

export interface AppenderOptions {
  readonly pool: pg.Pool
  readonly schema: string
  readonly retryMs: number
  readonly waitingBytesMax: number
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** What the database's `append` answers. */
interface AppendAnswer {
  readonly heads: readonly string[]
  readonly lineages: readonly string[]
}

const pauseMsMin = 50
const pauseMsMax = 1_000

export class Appender {
  readonly #options: AppenderOptions
  readonly #writer: string
  readonly #statement: Statement
  #waitingBytes = 0
  #batch = 0
  /** The end of the newest append; the next one begins after it. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: AppenderOptions) {
    this.#options = options
    this.#writer = randomId(options.random)
    this.#statement = new Statement(
      `SELECT found_heads AS heads, found_lineages AS lineages
       FROM ${options.schema}.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      options.log,
    )
  }

  /** A checked batch that is not empty. Its bytes are copied before this returns. A batch that comes alone is taken however large it is. */
  append(batch: readonly Append[]): Promise<readonly AppendResult[]> {
    const bytes = bytesOf(batch)
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#options.waitingBytesMax) {
      const waiting = `${this.#waitingBytes} bytes already wait for the database`
      return Promise.reject(new StoreError('io', waiting))
    }
    this.#waitingBytes += bytes
    const given = argumentsOf(batch, () => randomId(this.#options.random))
    const append = this.#last.then(async () => {
      this.#batch += 1
      const { heads, lineages } = await this.#appendOnce(this.#batch, given)
      return resultsOf(batch, given, heads.map(Number), lineages)
    })
    const ended = append.finally(() => {
      this.#waitingBytes -= bytes
    })
    this.#last = ended.catch(() => undefined)
    return ended
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#last
  }

  /** Sends one batch until its outcome is known, or `retryMs` are over. */
  async #appendOnce(batch: number, given: AppendArguments): Promise<AppendAnswer> {
    const { pool, retryMs, clock, log } = this.#options
    const values = [
      this.#writer,
      batch,
      clock.wallMs(),
      given.names,
      given.lineages,
      given.counts,
      given.rowDocuments,
      given.rowPlaces,
      given.rowBytes,
      given.rowAuthors,
      given.rowChecksums,
      given.clientDocuments,
      given.clientIds,
      given.clientAuthors,
    ]
    const startMs = clock.nowMs()
    for (let pauseMs = pauseMsMin; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
      try {
        const { rows } = await this.#statement.run<AppendAnswer>(pool, values)
        return must(rows[0], 'a function answers one row')
      } catch (error) {
        const isOver = clock.nowMs() - startMs + pauseMs > retryMs
        if (!isPassing(error) || isOver) throw storeErrorOf(error)
        log.warn('an append is tried again', { reason: reasonOf(error), batch })
        await new Promise<void>((resolve) => clock.after(pauseMs, resolve))
      }
    }
  }
}

function bytesOf(batch: readonly Append[]): number {
  return batch.reduce(
    (sum, { updates }) => updates.reduce((all, { length }) => all + length, sum),
    0,
  )
}
