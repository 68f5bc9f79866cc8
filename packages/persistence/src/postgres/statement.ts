/**
 * A statement that runs often: the database parses and plans it once for each connection.
 *
 * 1. Its name is a hash of its text. A pooler between may hand us a connection on which somebody else has
 *    prepared statements; one that has this name is this statement.
 * 2. Where the pooler keeps no prepared statements for its clients (PgBouncer in transaction mode before
 *    1.21, or when told so), the database says that it does not know the name, or knows it already. It has
 *    done nothing then. From that moment on the statement is sent whole each time.
 */
import { createHash } from 'node:crypto'
import type { Log } from '@quire/base'
import type pg from 'pg'
import { isNotPrepared } from './postgres-error.ts'

export class Statement {
  readonly #text: string
  readonly #name: string
  readonly #log: Log
  #isPrepared = true

  constructor(text: string, log: Log) {
    this.#text = text
    this.#name = `quire_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
    this.#log = log
  }

  /** Fails as `pg` and the database fail. */
  async run<Row extends pg.QueryResultRow>(
    pool: pg.Pool,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    const query = { text: this.#text, values: [...values] }
    if (!this.#isPrepared) return pool.query<Row>(query)
    try {
      return await pool.query<Row>({ ...query, name: this.#name })
    } catch (error) {
      if (!isNotPrepared(error)) throw error
      if (this.#isPrepared) {
        this.#log.info('statements are not prepared: a pooler between does not keep them')
      }
      this.#isPrepared = false
      return pool.query<Row>(query)
    }
  }
}
