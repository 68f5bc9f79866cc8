import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeStoreContract } from '../src/contract.ts'
import { openPostgresStore } from '../src/postgres/postgres-store.ts'
import { type PostgresServer, postgresFolder, startPostgres } from '@quire/testkit/postgres-server'

describe.skipIf(postgresFolder() === undefined)('with a PostgreSQL server', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  describeStoreContract({
    name: 'PostgreSQL store',
    open: async () => {
      const schema = `quire_${randomBytes(6).toString('hex')}`
      const open = () => openPostgresStore({ url: server.url, schema })
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
          const client = new pg.Client(server.url)
          await client.connect()
          await client.query(`DROP SCHEMA ${schema} CASCADE`)
          await client.end()
        },
      }
    },
  })
})
