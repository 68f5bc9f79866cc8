/**
 * What every browser test gets: the server, a document of its own, and people who come to it.
 *
 * After each test, without being asked: no page has complained on its console, and every page still
 * open shows the same document, as JSON and as Yjs state, with nothing left to arrive. With a silent
 * colleague (the project `silent`), that one has it too, and has written nothing.
 */
import { test as base } from '@playwright/test'
import * as Y from 'yjs'
import { type Served, serve } from './served.ts'
import { arriveSilently, type SilentColleague } from './silent-colleague.ts'
import { Writer, type WriterOptions } from './writer.ts'
import type {} from './page-window.ts'

export interface People {
  /** Somebody arrives in a browser of their own and opens the document. */
  join(name: string, options?: Omit<WriterOptions, 'name'> & JoinOptions): Promise<Writer>
}

export interface JoinOptions {
  /** Whether the test stands between this page and the server (`setWire`). */
  readonly wire?: 'held'
  /** Another document than the test's own. */
  readonly documentId?: string
}

interface TestFixtures {
  /** Who else is in the test's document, unseen. */
  readonly colleague: 'none' | 'silent'
  readonly documentId: string
  readonly people: People
}

interface WorkerFixtures {
  readonly served: Served
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  served: [
    // Playwright reads which fixtures are wanted from this pattern: none.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const served = await serve()
      await use(served)
      await served.close()
    },
    { scope: 'worker' },
  ],
  documentId: async ({ served }, use, info) => {
    await use(await served.create(info.title.slice(0, 80)))
  },
  colleague: ['none', { option: true }],
  people: async ({ served, browser, documentId, colleague }, use) => {
    const writers: Writer[] = []
    const silent = colleague === 'silent' ? await arriveSilently(served.url, documentId) : undefined
    await use({
      async join(name, options = {}) {
        const writer = await Writer.arrive(browser, { ...options, name })
        writers.push(writer)
        if (options.wire === 'held') await writer.holdTheWire()
        await writer.open(`${served.url}/d/${options.documentId ?? documentId}`)
        return writer
      },
    })
    const open = writers.filter((writer) => !writer.page.isClosed())
    try {
      await expectSame(open)
      if (silent) await expectSeen(silent, open, `${served.url}/d/${documentId}`)
      expect(writers.flatMap((writer) => writer.complaints)).toEqual([])
    } finally {
      for (const writer of writers) await writer.close()
      await silent?.close()
    }
  },
})

export const expect = test.expect

/** Everything is saved, and everybody has the same document. */
export async function expectSame(writers: readonly Writer[]): Promise<void> {
  const atDocument: Writer[] = []
  for (const writer of writers) {
    if ((await writer.statusNow()) !== 'none') atDocument.push(writer)
  }
  const [first, ...others] = atDocument
  if (first === undefined) return
  for (const writer of atDocument) await writer.status('saved')
  for (const other of others) {
    await expect(async () => {
      const [mine, theirs] = [loaded(await first.state()), loaded(await other.state())]
      expect(theirs.vector, `${other.name} has the edits of ${first.name}`).toEqual(mine.vector)
      expect(theirs.isSameAs(mine), `deletions of ${other.name} and ${first.name}`).toBe(true)
      expect(await other.json(), `${other.name} and ${first.name}`).toEqual(await first.json())
    }).toPass({ timeout: 20_000 })
  }
  for (const writer of atDocument) {
    expect(loaded(await writer.state()).hasPending, `${writer.name} waits for edits`).toBe(false)
  }
}

/** The silent colleague has what the pages at the document show, and took no part in it. */
async function expectSeen(
  silent: SilentColleague,
  writers: readonly Writer[],
  address: string,
): Promise<void> {
  const [writer] = writers.filter(({ page }) => page.url().startsWith(address))
  if (writer !== undefined && (await writer.statusNow()) !== 'none') {
    await expect(async () => {
      expect(silent.json(), `what ${writer.name} has, a silent colleague has`).toEqual(
        await writer.json(),
      )
    }).toPass({ timeout: 20_000 })
  }
  expect(silent.hasWritten(), 'who is silent writes nothing').toBe(false)
}

function loaded(update: Uint8Array) {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  const snapshot = Y.snapshot(doc)
  return {
    vector: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc))),
    hasPending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
    snapshot,
    isSameAs: (other: { snapshot: Y.Snapshot }) => Y.equalSnapshots(snapshot, other.snapshot),
  }
}
