/** The commands beside the server: what they do to a real folder, what they say, how they end. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DocumentStore, openFolderBlobs, openSqliteStore } from '@quire/persistence'
import { parseDocumentName } from '@quire/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { runCommand } from '../src/commands/commands.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quire-commands-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)

function named(name: string) {
  const parsed = parseDocumentName(name)
  if (parsed === undefined) throw new Error(`${name} is not a document name`)
  return parsed
}

async function run(...args: string[]) {
  const said: string[] = []
  const complaints: string[] = []
  const complain = (line: string): void => void complaints.push(line)
  const [name = '', ...rest] = args
  const out = { say: (line: string) => void said.push(line), problem: complain }
  const code = await runCommand(name, rest, out, complain, {})
  return { code, said, complaints }
}

function stateOf(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

async function textOf(store: DocumentStore, name: string): Promise<string> {
  const { snapshot, tail } = await store.open(named(name))
  const doc = new Y.Doc()
  for (const { update } of [...(snapshot ? [snapshot] : []), ...tail]) Y.applyUpdate(doc, update)
  return doc.getText('content').toJSON()
}

test('a backup beside the running store, restored elsewhere, is the same documents', async () => {
  const store = await openSqliteStore({ folder: at('data') })
  for (const name of ['one', 'two']) {
    await store.append([{ document: named(name), updates: [stateOf(`text of ${name}`)] }])
    await store.rename(named(name), `Title of ${name}`)
  }
  expect(await run('backup', '--data', at('data'), '--to', at('all.quire'))).toMatchObject({
    code: 0,
    complaints: [],
  })
  await store.close()
  expect(existsSync(at('all.quire.part'))).toBe(false)
  expect((await run('verify', '--backup', at('all.quire'))).said).toEqual([
    '2 documents, 0 problems',
  ])
  const from = ['--data', at('other'), '--from', at('all.quire')]
  expect((await run('restore', ...from, '--dry-run')).said.toSorted()).toEqual([
    'would restore one',
    'would restore two',
  ])
  expect(await run('restore', ...from, '--document', 'one')).toMatchObject({
    code: 0,
    said: ['restored one'],
  })
  const rest = await run('restore', ...from)
  expect(rest).toMatchObject({ code: 1, said: ['restored two'] })
  expect(rest.complaints).toEqual(['one is there, or was deleted: left alone'])
  expect((await run('verify', '--data', at('other'))).said).toEqual(['2 documents, 0 problems'])
  const other = await openSqliteStore({ folder: at('other') })
  expect(await textOf(other, 'two')).toBe('text of two')
  expect((await other.describe(named('two')))?.title).toBe('Title of two')
  await other.close()
})

test('a damaged backup is refused with the place, and nothing is restored', async () => {
  const store = await openSqliteStore({ folder: at('data') })
  await store.append([{ document: named('one'), updates: [stateOf('text')] }])
  await store.close()
  await run('backup', '--data', at('data'), '--to', at('all.quire'))
  const bytes = readFileSync(at('all.quire'))
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 4
  writeFileSync(at('bad.quire'), bytes)
  const verified = await run('verify', '--backup', at('bad.quire'))
  expect(verified.code).toBe(1)
  expect(verified.complaints[0]).toMatch(/^the backup is damaged at byte \d+/)
  const restored = await run('restore', '--data', at('other'), '--from', at('bad.quire'))
  expect(restored).toMatchObject({ code: 1, said: [] })
  expect((await run('verify', '--data', at('other'))).said).toEqual(['0 documents, 0 problems'])
})

test('what is there is never overwritten, and a running server is not disturbed', async () => {
  const store = await openSqliteStore({ folder: at('data') })
  await store.append([{ document: named('one'), updates: [stateOf('text')] }])
  const backup = ['backup', '--data', at('data'), '--to', at('all.quire')]
  expect((await run(...backup)).code).toBe(0)
  writeFileSync(at('all.quire.part'), 'of another run')
  const again = await run(...backup)
  expect(again.code).toBe(1)
  expect(readFileSync(at('all.quire.part'), 'utf8')).toBe('of another run')
  const locked = await run('restore', '--data', at('data'), '--from', at('all.quire'))
  expect(locked.code).toBe(1)
  expect(locked.complaints[0]).toMatch(/another process uses .*; stop the server first$/)
  await store.close()
}, 20_000)

test('files of Yjs updates are imported, with a dry run and a report', async () => {
  writeFileSync(at('plan.bin'), stateOf('the plan'))
  writeFileSync(at('broken.bin'), 'no update')
  const files = ['--update', at('plan.bin'), '--update', at('broken.bin')]
  const dry = await run('import', '--data', at('data'), ...files, '--dry-run')
  expect(dry.said[0]).toMatch(/^would import plan \(\d+ bytes\)$/)
  const done = await run('import', '--data', at('data'), ...files)
  expect(done.code).toBe(1)
  expect(done.said[0]).toMatch(/^imported plan/)
  expect(done.complaints[0]).toMatch(/^broken: /)
  const store = await openSqliteStore({ folder: at('data') })
  expect(await textOf(store, 'plan')).toBe('the plan')
  await store.close()
})

test.each([
  [['backup', '--data', 'x']],
  [['backup', '--to', 'x']],
  [['backup', '--data', 'x', '--to', 'y', '--nonsense']],
  [['backup', '--data', 'x', '--to', 'y', '--document', '../etc']],
  [['restore', '--from', 'x']],
  [['import', '--data', 'x']],
  [['import', '--data', 'x', '--update', 'a', '--y-leveldb', 'b']],
  [['verify', '--data', 'x', '--backup', 'y']],
  [['verify', 'stray']],
])('%j is a call that makes no sense: code 2 and one line', async (args) => {
  const { code, complaints } = await run(...args)
  expect(code).toBe(2)
  expect(complaints).toHaveLength(1)
  expect(complaints[0]).toMatch(/quire (backup|restore|import|verify|repair) \[/)
})

test('a folder or file that is not there is one line with code 1', async () => {
  for (const args of [
    ['backup', '--data', at('nowhere'), '--to', at('x')],
    ['restore', '--data', at('data'), '--from', at('nowhere')],
    ['verify', '--backup', at('nowhere')],
    ['import', '--data', at('data'), '--hocuspocus-sqlite', at('nowhere')],
    ['import', '--data', at('data'), '--update', at('nowhere')],
  ]) {
    const { code, complaints } = await run(...args)
    expect(code, args.join(' ')).toBe(1)
    expect(complaints).toHaveLength(1)
  }
})

test('a damaged folder is repaired: what is lost is said, set aside and brought back from a backup', async () => {
  const store = await openSqliteStore({ folder: at('data') })
  for (const name of ['one', 'two']) {
    await store.append([{ document: named(name), updates: [stateOf(`text of ${name}`)] }])
  }
  await store.close()
  expect(await run('repair', '--data', at('data'))).toEqual({
    code: 0,
    said: ['documents: 2; nothing is wrong'],
    complaints: [],
  })
  await run('backup', '--data', at('data'), '--to', at('all.quire'))
  const bytes = readFileSync(at('data/quire.db'))
  const place = bytes.indexOf('text of two')
  bytes.write('gone', place)
  writeFileSync(at('data/quire.db'), bytes)
  expect((await run('verify', '--data', at('data'))).code).toBe(1)
  const dry = await run('repair', '--data', at('data'), '--dry-run')
  expect(dry).toMatchObject({
    code: 1,
    said: ['documents that would be in a new file: 1; nothing was changed'],
    complaints: ['two: lost (document two: row 1 is not what was written)'],
  })
  expect(readFileSync(at('data/quire.db')).equals(bytes)).toBe(true)
  expect((await run('repair', '--data', at('data'))).complaints).toEqual(dry.complaints)
  const restoring = ['restore', '--data', at('data'), '--from', at('all.quire')]
  expect((await run(...restoring, '--document', 'two')).said).toEqual(['restored two'])
  const again = await openSqliteStore({ folder: at('data') })
  expect(await textOf(again, 'one')).toBe('text of one')
  expect(await textOf(again, 'two')).toBe('text of two')
  await again.close()
  expect((await run('repair', '--data', at('nowhere'))).code).toBe(1)
})

test('purge erases what was deleted and is named or old enough, and nothing else', async () => {
  const store = await openSqliteStore({ folder: at('data') })
  for (const name of ['kept', 'named', 'old']) {
    await store.append([{ document: named(name), updates: [Buffer.from(`secret of ${name}`)] }])
    if (name !== 'kept') await store.delete(named(name))
  }
  await store.close()
  const purge = (...args: string[]) => run('purge', '--data', at('data'), ...args)
  const holds = (name: string): boolean =>
    readFileSync(at('data/quire.db')).includes(`secret of ${name}`)
  expect((await purge()).code).toBe(2)
  expect((await purge('--document', 'old', '--older-than-days', '1')).code).toBe(2)
  expect((await purge('--older-than-days', 'x')).code).toBe(2)
  expect(await purge('--older-than-days', '1')).toEqual({ code: 0, said: [], complaints: [] })
  expect((await purge('--older-than-days', '0', '--dry-run')).said).toEqual([
    'would erase named',
    'would erase old',
  ])
  const refused = await purge('--document', 'kept', '--document', 'nobody')
  expect(refused).toMatchObject({ code: 1, said: [] })
  expect(refused.complaints[0]).toBe('kept is not a deleted document, or nothing is left of it')
  expect(['kept', 'named', 'old'].map(holds)).toEqual([true, true, true])
  expect((await purge('--document', 'named')).said).toEqual(['erased named'])
  expect((await purge('--older-than-days', '0')).said).toEqual(['erased old'])
  expect(['kept', 'named', 'old'].map(holds)).toEqual([true, false, false])
  expect((await run('verify', '--data', at('data'))).said).toEqual(['3 documents, 0 problems'])
})

test('verify --content names documents that no editor could load', async () => {
  const store = await openSqliteStore({ folder: at('data') })
  await store.append([{ document: named('good'), updates: [stateOf('words')] }])
  await store.append([{ document: named('bad'), updates: [Uint8Array.of(9, 9)] }])
  await store.create(named('empty'), '')
  await store.close()
  expect(await run('verify', '--data', at('data'))).toMatchObject({ code: 0, complaints: [] })
  const { code, said, complaints } = await run('verify', '--data', at('data'), '--content')
  expect(code).toBe(1)
  expect(complaints).toEqual([
    expect.stringMatching(/^document bad: the whole of it does not load/),
  ])
  expect(said).toEqual(['3 documents, 1 problems'])
  expect((await run('verify', '--backup', at('x'), '--content')).code).toBe(2)
})

test('collect removes uploads that nothing shows, once no deleted document is kept', async () => {
  const blobs = await openFolderBlobs({ folder: at('data/files') })
  const [shown, unused] = [
    await blobs.put(Buffer.from('shown')),
    await blobs.put(Buffer.from('unused')),
  ]
  const doc = new Y.Doc()
  doc.getMap('content').set('src', `/files/${shown}.png`)
  const store = await openSqliteStore({ folder: at('data') })
  await store.append([{ document: named('one'), updates: [Y.encodeStateAsUpdate(doc)] }])
  await store.append([{ document: named('gone'), updates: [stateOf('x')] }])
  await store.delete(named('gone'))
  await store.close()
  const collect = (...args: string[]) => run('collect', '--data', at('data'), ...args)
  const names = async (): Promise<string[]> => {
    const found: string[] = []
    for await (const { name } of blobs.list()) found.push(name)
    return found.toSorted()
  }
  const refused = await collect('--older-than-days', '0')
  expect(refused.code).toBe(1)
  expect(refused.complaints[0]).toMatch(/document gone is deleted and not erased yet/)
  await run('purge', '--data', at('data'), '--document', 'gone')
  expect((await collect()).said).toEqual(['0 uploads removed (0 bytes), 2 kept'])
  const trial = await collect('--older-than-days', '0', '--dry-run')
  expect(trial.said).toEqual([
    `would remove ${unused}`,
    '1 uploads would be removed (6 bytes), 1 kept',
  ])
  expect(await names()).toEqual([shown, unused].toSorted())
  expect((await collect('--older-than-days', '0')).code).toBe(0)
  expect(await names()).toEqual([shown])

  // A folder without documents is a wrong one.
  const other = ['--uploads', at('data/files'), '--older-than-days', '0']
  expect((await run('collect', '--data', at('other'), ...other)).code).toBe(1)
  await (await openSqliteStore({ folder: at('other') })).close()
  expect((await run('collect', '--data', at('other'), ...other)).complaints).toEqual([
    'there is no document; nothing was removed',
  ])
  expect(await names()).toEqual([shown])
})
