import { createLog, type LogEntry, must } from '@quire/base'
import { createMemoryStore, type StoredDocument, type Store } from '@quire/persistence'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { Upkeep } from './upkeep.ts'

const named = (name: string): DocumentName => must(parseDocumentName(name), name)
const minuteMs = 60_000

/** A store and workers whose text of a document is its rows as text. */
function createScene() {
  const clock = createManualClock()
  const store = createMemoryStore({ clock })
  const entries: LogEntry[] = []
  const poisoned = new Set<string>()
  const textOf = (name: string, { tail }: Pick<StoredDocument, 'tail'>): string => {
    if (poisoned.has(name)) throw new Error('poisoned')
    return tail.map(({ update }) => Buffer.from(update).toString()).join(' ')
  }
  const upkeep = new Upkeep({
    store,
    clock,
    log: createLog((entry) => entries.push(entry)),
    workers: {
      extract: async (name, state) => ('stored' in state ? textOf(name, state.stored) : ''),
      pack: async (name, stored) => ({
        state: Buffer.from(textOf(name, stored)),
        stateVector: new Uint8Array(),
      }),
    },
  })
  const write = async (name: string, text: string): Promise<void> => {
    await store.append([{ document: named(name), updates: [Buffer.from(text)] }])
  }
  return { clock, store, upkeep, write, entries, poisoned }
}

const found = async (store: Store, text: string): Promise<string[]> =>
  (await store.search.find({ text, limit: 9 })).map(({ document }) => document)
const versionsOf = async (store: Store, name: string): Promise<[string, number][]> =>
  (await store.versions.list(named(name), { limit: 99 })).versions.map(({ kind, number }) => [
    kind,
    number,
  ])

test('a text is found half a minute after it was written, and a version taken after a pause', async () => {
  const { clock, store, upkeep, write } = createScene()
  await write('a', 'apples')
  await upkeep.round()
  expect(await found(store, 'apples')).toEqual([])
  clock.advance(30_000)
  await upkeep.round()
  expect(await found(store, 'apples')).toEqual(['a'])
  expect(await versionsOf(store, 'a')).toEqual([])
  clock.advance(10 * minuteMs)
  await upkeep.round()
  await upkeep.round()
  expect(await versionsOf(store, 'a')).toEqual([['activity', 1]])
  expect((await store.search.behind({ limit: 9 })).length).toBe(0)
})

test('a document that is never still is indexed and gets versions all the same', async () => {
  const { clock, store, upkeep, write } = createScene()
  for (let quarter = 0; quarter < 280; quarter++) {
    await write('a', `word${quarter}`)
    clock.advance(minuteMs / 4)
    if (quarter % 4 === 3) await upkeep.round()
  }
  expect(await found(store, 'word220')).toEqual(['a'])
  expect(await versionsOf(store, 'a')).toEqual([['time', expect.any(Number)]])
})

test('a document that cannot be read is named once and holds up nobody', async () => {
  const { clock, store, upkeep, write, entries, poisoned } = createScene()
  poisoned.add('b')
  for (const name of ['a', 'b', 'c']) await write(name, `text of ${name}`)
  clock.advance(minuteMs)
  await upkeep.round()
  await upkeep.round()
  expect(await found(store, 'text')).toEqual(['c', 'a'])
  expect(entries.map(({ fields }) => fields['document'])).toEqual(['b'])
  poisoned.clear()
  await write('b', 'mended')
  clock.advance(minuteMs)
  await upkeep.round()
  expect(await found(store, 'mended')).toEqual(['b'])
})

test('versions are thinned when one is taken', async () => {
  const { clock, store, upkeep, write } = createScene()
  await write('a', 'text')
  const document = named('a')
  for (let at = 0; at < 20; at++) {
    await store.versions.create(document, { number: 1, kind: 'time', state: Buffer.from('x') })
    clock.advance(minuteMs)
  }
  clock.advance(40 * 24 * 60 * minuteMs)
  await write('a', 'more')
  clock.advance(11 * minuteMs)
  await upkeep.round()
  const left = await versionsOf(store, 'a')
  expect(left[0]).toEqual(['activity', 2])
  expect(left.length).toBeLessThanOrEqual(3)
})

test('it looks by itself every minute until it is closed', async () => {
  const { clock, store, upkeep, write } = createScene()
  upkeep.start()
  await write('a', 'apples')
  clock.advance(minuteMs)
  await upkeep.round()
  expect(await found(store, 'apples')).toEqual(['a'])
  await upkeep.close()
  upkeep.start()
  expect(clock.timerCount).toBe(0)
})
