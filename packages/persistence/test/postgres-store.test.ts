import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { must } from '@quire/base'
import { parseDocumentName } from '@quire/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeFullStoreContract } from '../src/contract.ts'
import { openPostgresStore } from '../src/postgres/postgres-store.ts'
import type { DocumentStore } from '../src/store.ts'
import { type PgBouncer, pgbouncerFile, startPgBouncer } from './pgbouncer.ts'
import { type PostgresServer, postgresFolder, startPostgres } from '@quire/testkit/postgres-server'

const shared = must(parseDocumentName('shared'), 'a document name')

/** The contract over the server at the end of `url`. A statement that changes tables goes to `direct`. */
function describeOver(name: string, url: () => string, direct: () => string): void {
  describeFullStoreContract({
    name,
    open: async () => {
      const schema = `quire_${randomBytes(6).toString('hex')}`
      const open = () => openPostgresStore({ url: url(), schema })
      let store = await open()
      return {
        store,
        reopen: async () => {
          await store.close()
          store = await open()
          return store
        },
        close: async () => {
          await store.close()
          const client = new pg.Client(direct())
          await client.connect()
          await client.query(`DROP SCHEMA ${schema} CASCADE`)
          await client.end()
        },
      }
    },
  })
}

describe.skipIf(postgresFolder() === undefined)('with a PostgreSQL server', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  describeOver(
    'PostgreSQL store',
    () => server.url,
    () => server.url,
  )

  describe.skipIf(pgbouncerFile === undefined)('behind PgBouncer in transaction mode', () => {
    let bouncer: PgBouncer
    beforeAll(async () => {
      bouncer = await startPgBouncer(server.port, 3)
    })
    afterAll(() => bouncer.stop())

    describeOver(
      'PostgreSQL store behind PgBouncer',
      () => bouncer.url,
      () => server.url,
    )

    test('[PG9] many stores over few connections, none of which is theirs, lose and mix up nothing', async () => {
      const schemas = ['one', 'two'].map(
        (name) => `quire_${name}_${randomBytes(4).toString('hex')}`,
      )
      const stores: DocumentStore[] = []
      for (const schema of [...schemas, ...schemas, ...schemas]) {
        stores.push(await openPostgresStore({ url: bouncer.url, schema }))
      }
      await Promise.all(
        stores.map(async (store, at) => {
          for (let i = 0; i < 30; i++) {
            const update = Buffer.from(`${schemas[at % 2]} ${at} ${i}`)
            await store.append([{ document: shared, updates: [update] }])
            await store.open(shared)
          }
        }),
      )
      for (const [at, schema] of schemas.entries()) {
        const { tail, head } = await (stores[at] as DocumentStore).open(shared)
        const texts = tail.map(({ update }) => Buffer.from(update).toString())
        expect(head).toBe(90)
        expect(new Set(texts).size).toBe(90)
        expect(texts.filter((text) => !text.startsWith(`${schema} `))).toEqual([])
      }
      for (const store of stores) await store.close()
    })
  })
})
