import { randomBytes } from 'node:crypto'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { createSeededRandom, until } from '@quire/testkit'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresStore } from '../src/postgres/postgres-store.ts'
import type { DocumentStore } from '../src/store.ts'
import { Wire } from './wire.ts'
import { type PostgresServer, postgresFolder, startPostgres } from '@quire/testkit/postgres-server'

const named = (name: string): DocumentName => {
  const parsed = parseDocumentName(name)
  if (parsed === undefined) throw new Error(`${name} is not a document name`)
  return parsed
}
const one = named('one')

describe.skipIf(postgresFolder() === undefined)('PostgreSQL that fails', () => {
  let server: PostgresServer
  let schema: string
  const opened: DocumentStore[] = []
  const closers: (() => Promise<void>)[] = []

  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
    for (const close of closers.splice(0)) await close()
  })

  const open = async (
    options: { port?: number; retryMs?: number; waitingBytesMax?: number } = {},
  ): Promise<DocumentStore> => {
    const { port = server.port, ...more } = options
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`
    const store = await openPostgresStore({ url, schema, ...more })
    opened.push(store)
    return store
  }
  const fresh = (): void => {
    schema = `quire_${randomBytes(6).toString('hex')}`
  }
  const sql = async (text: string): Promise<unknown[]> => {
    const client = new pg.Client(server.url)
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }

  test('[PG1] servers that append to the same documents at once leave no gap and lose nothing', async () => {
    fresh()
    const stores = [await open(), await open(), await open()]
    const random = createSeededRandom(7)
    const documents = ['a', 'b', 'c', 'd'].map(named)
    const given = new Map<string, Set<string>>()
    await Promise.all(
      stores.flatMap((store, s) =>
        Array.from({ length: 40 }, async (_, i) => {
          const chosen = documents.filter(() => random.below(2) === 0)
          const batch = (chosen.length > 0 ? chosen : [documents[0] as DocumentName]).map(
            (document) => {
              const update = Buffer.from(`${s}.${i}.${document}`)
              const all = given.get(document) ?? new Set()
              given.set(document, all.add(update.toString()))
              return { document, updates: [update] }
            },
          )
          // In no order: two servers name the same documents in different orders.
          const results = await store.append(random.below(2) === 0 ? batch : batch.toReversed())
          expect(results.every(({ kind }) => kind === 'stored')).toBe(true)
        }),
      ),
    )
    const reader = stores[0] as DocumentStore
    for (const document of documents) {
      const { tail, head } = await reader.open(document)
      expect(tail.map(({ number }) => number)).toEqual(tail.map((_, at) => at + 1))
      expect(head).toBe(tail.length)
      const found = tail.map(({ update }) => Buffer.from(update).toString())
      expect(new Set(found)).toEqual(given.get(document))
      expect(found.length).toBe(given.get(document)?.size)
    }
  })

  test('[PG2] an append of which the answer is lost is stored once, and its answer is right', async () => {
    fresh()
    await open()
    const wire = new Wire(server.port)
    closers.push(() => wire.close())
    const store = await open({ port: await wire.listen() })
    await store.append([{ document: one, updates: [Buffer.from('first')] }])
    wire.loseAnswerTo = 'second'
      .split('')
      .map((c) => c.charCodeAt(0).toString(16))
      .join('')
    const results = await store.append([
      { document: one, updates: [Buffer.from('second'), Buffer.from('third')] },
      { document: named('two'), updates: [Buffer.from('other')] },
    ])
    expect(wire.lostCount).toBe(1)
    expect(results).toMatchObject([{ head: 3 }, { head: 1 }])
    const { tail } = await store.open(one)
    expect(tail.map(({ update }) => Buffer.from(update).toString())).toEqual([
      'first',
      'second',
      'third',
    ])
  })

  test('[PG3] appends go on by themselves after the server crashed and came back', async () => {
    fresh()
    const store = await open({ retryMs: 30_000 })
    const confirmed: number[] = []
    let isOver = false
    const writing = (async () => {
      for (let i = 0; !isOver || i < 20; i++) {
        const [result] = await store.append([{ document: one, updates: [Buffer.from(`${i}`)] }])
        if (result?.kind === 'stored') confirmed.push(i)
      }
    })()
    for (let crash = 0; crash < 3; crash++) {
      const before = confirmed.length
      await until('appends go on', () => confirmed.length > before + 5)
      await server.crash()
    }
    isOver = true
    await writing
    const found = (await store.open(one)).tail.map(({ update }) => Number(Buffer.from(update)))
    expect(found).toEqual(confirmed)
  }, 60_000)

  test('[PG4] a database that stays away fails with `io` and is used again when it is back', async () => {
    fresh()
    await open()
    const wire = new Wire(server.port)
    const store = await open({ port: await wire.listen(), retryMs: 200 })
    await store.append([{ document: one, updates: [Buffer.from('a')] }])
    await wire.close()
    const io = expect.objectContaining({ code: 'io', retry: 'later' })
    await expect(store.append([{ document: one, updates: [Buffer.from('b')] }])).rejects.toEqual(io)
    await expect(store.open(one)).rejects.toEqual(io)
    const nowhere = openPostgresStore({ url: 'postgres://postgres@127.0.0.1:1/postgres' })
    await expect(nowhere).rejects.toEqual(io)
  })

  test('[PG7] after another server took over, appends go on by themselves and nothing confirmed is gone', async () => {
    fresh()
    const primary = await startPostgres()
    closers.push(() => primary.stop())
    const standby = await primary.standby()
    closers.push(() => standby.stop())
    const wire = new Wire(primary.port)
    closers.push(() => wire.close())
    const store = await open({ port: await wire.listen(), retryMs: 60_000 })
    const confirmed: number[] = []
    let isOver = false
    const writing = (async () => {
      for (let i = 0; !isOver; i++) {
        const [result] = await store.append([{ document: one, updates: [Buffer.from(`${i}`)] }])
        if (result?.kind === 'stored') confirmed.push(i)
      }
    })()
    await until('appends go on', () => confirmed.length > 20)
    await primary.stop()
    await standby.promote()
    const before = confirmed.length
    wire.toPort = standby.port
    await until('appends go on', () => confirmed.length > before + 20)
    isOver = true
    await writing
    const found = (await store.open(one)).tail.map(({ update }) => Number(Buffer.from(update)))
    expect(found).toEqual(confirmed)
  }, 120_000)

  test('[PG8] what waits for the database is bounded, and what comes beyond it fails at once', async () => {
    fresh()
    await open()
    const wire = new Wire(server.port)
    closers.push(() => wire.close())
    const store = await open({
      port: await wire.listen(),
      retryMs: 60_000,
      waitingBytesMax: 100_000,
    })
    wire.isStopped = true
    wire.cut()
    const update = new Uint8Array(30_000)
    const append = (): Promise<unknown> => store.append([{ document: one, updates: [update] }])
    const waiting = [append(), append(), append()]
    const io = expect.objectContaining({ code: 'io', retry: 'later' })
    await expect(append()).rejects.toEqual(io)
    wire.isStopped = false
    await Promise.all(waiting)
    await append()
    // One that is larger than the bound is taken when it comes alone.
    await store.append([{ document: one, updates: [new Uint8Array(200_000)] }])
    expect((await store.open(one)).head).toBe(5)
  })

  test('[PG5] a changed byte, a missing row and a newer database are refused with their names', async () => {
    fresh()
    const store = await open()
    const updates = ['a', 'b', 'c'].map((text) => Buffer.from(text))
    const [rows, hole, snapshot] = ['rows', 'hole', 'snapshot'].map(named) as [
      DocumentName,
      DocumentName,
      DocumentName,
    ]
    await store.append([rows, hole, snapshot].map((document) => ({ document, updates })))
    const bytes = Buffer.from('s')
    const compacted = { number: 2, update: bytes, stateVector: bytes, deleteSet: bytes }
    await store.compact(snapshot, compacted, 0)
    const idOf = (name: string) => `(SELECT id FROM ${schema}.documents WHERE name = '${name}')`
    await sql(
      `UPDATE ${schema}.log SET bytes = 'x' WHERE number = 2 AND document_id = ${idOf('rows')}`,
    )
    await sql(`DELETE FROM ${schema}.log WHERE number = 2 AND document_id = ${idOf('hole')}`)
    await sql(`UPDATE ${schema}.snapshots SET bytes = 'x' WHERE document_id = ${idOf('snapshot')}`)
    const corrupt = (text: string) =>
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining(text) })
    await expect(store.open(rows)).rejects.toEqual(corrupt('document rows: its row 2'))
    await expect(store.open(hole)).rejects.toEqual(corrupt('document hole'))
    await expect(store.open(snapshot)).rejects.toEqual(corrupt('document snapshot: its snapshot 2'))
    const { documents, problems } = await store.verify()
    expect([documents, problems.length]).toEqual([3, 3])
    await sql(`UPDATE ${schema}.meta SET version = 99`)
    await expect(open()).rejects.toMatchObject({ code: 'newer' })
  })

  test('[PG6] servers that start at once make the tables once', async () => {
    fresh()
    const stores = await Promise.all([open(), open(), open(), open()])
    for (const [i, store] of stores.entries()) {
      expect(await store.create(named(`d${i}`), '')).toBe('created')
    }
    expect((await (stores[0] as DocumentStore).list({ limit: 10 })).documents).toHaveLength(4)
    expect(await sql(`SELECT version FROM ${schema}.meta`)).toHaveLength(1)
  })
})
