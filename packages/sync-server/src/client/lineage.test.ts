import { MemoryDisk } from '@quire/persistence'
import { parseDocumentName } from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { codeOf, createAccessWorld, grantOf, textLater } from '../../test/access-world.ts'
import { createWorld, FakeClient, turns, type World } from '../../test/world.ts'
import { lineagesIn } from './lineage.ts'

/** A client with text, or with what another one had, that claims a lineage. */
async function join(
  world: World,
  options: { lineage?: string | undefined; text?: string; of?: FakeClient; isQuire?: boolean } = {},
): Promise<FakeClient> {
  const doc = new Y.Doc()
  if (options.of) Y.applyUpdate(doc, Y.encodeStateAsUpdate(options.of.doc))
  if (options.text) doc.getText('content').insert(0, options.text)
  const { lineage, isQuire = true } = options
  const client = new FakeClient(world, 'doc', { doc, isQuire, ...(lineage && { lineage }) })
  await turns()
  client.reply()
  await world.pass(300)
  return client
}

const lineageOf = (client: FakeClient): string | undefined => client.lineages.at(-1) ?? undefined

test('[LF1] a client is told the lineage when the document is stored, and not before', async () => {
  const world = createWorld()
  const ada = await join(world)
  expect(ada.lineages).toEqual([null])
  world.steered.appendFails = new Error('not now')
  ada.text.insert(0, 'x')
  await world.pass(500)
  expect(ada.lineages).toEqual([null])
  world.steered.appendFails = undefined
  await world.pass(10_000)
  const lineage = lineageOf(ada)
  expect(lineage).toMatch(/^[\w-]{16,}$/)
  expect(ada.lineages).toEqual([null, lineage])
  expect((await join(world)).lineages).toEqual([lineage])
})

test('[LF2] a client that holds another document of the name is refused before anything is taken or sent', async () => {
  for (const isQuire of [true, false]) {
    const disk = new MemoryDisk()
    // Another world draws the same random ids, so this one is given.
    const lineage = 'lineage-of-the-old-one'
    const before = await join(createWorld(), { lineage, text: 'old text' })
    const world = createWorld({ disk })
    const ada = await join(world, { text: 'new text' })
    const old = await join(world, { lineage, of: before, isQuire })
    expect(codeOf(old)).toBe(4409)
    expect(old.transport.sent).toEqual([])
    expect(old.text.toJSON()).toBe('old text')
    expect(await textLater(world)).toBe('new text')
    expect(ada.text.toJSON()).toBe('new text')
    // And after a restart, while the document loads, among others who wait.
    const again = createWorld({ disk })
    const [waiting, late] = [
      new FakeClient(again, 'doc', { lineage: lineage ?? '', doc: before.doc }),
      new FakeClient(again, 'doc', { lineage: lineageOf(ada) ?? '' }),
    ]
    await again.pass(300)
    expect([codeOf(waiting), codeOf(late)]).toEqual([4409, undefined])
    expect(late.text.toJSON()).toBe('new text')
    expect(await textLater(again)).toBe('new text')
  }
})

test('[LF2] what is no lineage at all is another one; who says nothing is let in', async () => {
  const world = createWorld()
  const ada = await join(world, { text: 'x' })
  for (const lineage of ['undefined', 'x'.repeat(10_000), '\0', `${lineageOf(ada)} `]) {
    expect(codeOf(await join(world, { lineage }))).toBe(4409)
  }
  expect(codeOf(await join(world))).toBeUndefined()
  expect(codeOf(await join(world, { lineage: lineageOf(ada) }))).toBeUndefined()
  const empty = createWorld()
  for (const lineage of ['undefined', 'x'.repeat(10_000), 'sixteen letters ü']) {
    expect(codeOf(await join(empty, { lineage }))).toBe(4409)
  }
})

test('[LF3] a document that the server lost is brought back by those who have it, all as one', async () => {
  const before = createWorld()
  const ada = await join(before, { text: 'kept by all' })
  const ben = await join(before, { text: '' })
  expect(ben.text.toJSON()).toBe('kept by all')
  const lineage = lineageOf(ada)

  const world = createWorld()
  const brought = await join(world, { lineage, of: ada })
  expect(lineageOf(brought)).toBe(lineage)
  const also = await join(world, { lineage, of: ben })
  expect([codeOf(brought), codeOf(also)]).toEqual([undefined, undefined])
  also.text.insert(also.text.length, ' of us')
  await world.pass(200)
  expect(brought.text.toJSON()).toBe('kept by all of us')
  expect(await textLater(world)).toBe('kept by all of us')
})

test('[LF3] of a document that nobody has stored yet, whoever comes first decides what it is', async () => {
  const [one, two] = ['lineage-of-number-1', 'lineage-of-number-2']
  const world = createWorld()
  const first = await join(world, { lineage: one })
  expect(codeOf(await join(world, { lineage: two, text: 'two' }))).toBe(4409)
  first.text.insert(0, 'one')
  await world.pass(300)
  expect(lineageOf(first)).toBe(one)

  // What is on its way to the disk counts, although nobody was told a lineage.
  const other = createWorld()
  other.steered.appendFails = new Error('not now')
  await join(other, { text: 'fresh' })
  expect(codeOf(await join(other, { lineage: two, text: 'two' }))).toBe(4409)
  other.steered.appendFails = undefined
  expect(await textLater(other)).toBe('fresh')
})

test('[LF3] who may only read decides nothing about a document that is not there', async () => {
  const { world, port } = createAccessWorld()
  port.answers.set('reader', grantOf('reader', 'view'))
  port.answers.set('writer', grantOf('writer'))
  const [one, two] = ['lineage-of-number-1', 'lineage-of-number-2']
  const come = async (token: string, lineage: string): Promise<FakeClient> => {
    const client = new FakeClient(world, 'doc', { token, lineage })
    await world.pass(100)
    return client
  }
  const reader = await come('reader', one)
  const writer = await come('writer', two)
  expect([codeOf(reader), codeOf(writer)]).toEqual([undefined, undefined])
  writer.text.insert(0, 'x')
  await world.pass(300)
  expect(lineageOf(writer)).toBe(two)
  expect(codeOf(await come('reader', one))).toBe(4409)
})

test('[LF1] a document that somebody else made meanwhile says its own lineage', async () => {
  const world = createWorld()
  const ada = await join(world)
  const document = parseDocumentName('doc')
  if (!document) throw new Error('no name')
  await world.steered.inner.create(document, 'Made by REST')
  const { lineage } = await world.steered.inner.open(document)
  ada.text.insert(0, 'x')
  await world.pass(300)
  expect(ada.lineages).toEqual([null, lineage])
})

test('[LF4] the lineage stands in the query, for one document or for several', () => {
  const name = (text: string) => parseDocumentName(text) ?? ('' as never)
  const asked = (url: string, document = 'a') => lineagesIn(url)(name(document))
  expect(asked('/sync/a')).toBeUndefined()
  expect(asked('/sync/a?token=lineage')).toBeUndefined()
  expect(asked('/sync/a?lineage=')).toBeUndefined()
  expect(asked('/sync/a?token=x&lineage=abc')).toBe('abc')
  expect(asked('/?lineage.a=1&lineage.b=2')).toBe('1')
  expect(asked('/?lineage.a=1&lineage.b=2', 'b')).toBe('2')
  expect(asked('/?lineage.a=1&lineage.b=2', 'c')).toBeUndefined()
})
