/**
 * Unmodified clients of every kind in one document: what each of them promises its application holds.
 *
 * Length: all promises are to the same seven clients, and are put to them in the same few ways.
 */
import { createSeededRandom, until } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Role } from '@quire/protocol'
import type { AccessAnswer, Authorize, Grant, SyncServerOptions } from '../src/index.ts'
import { type Host, named, startHost, storedText } from './harness.ts'
import {
  type Editor,
  isHocuspocus,
  type Kind,
  kinds,
  openEditor,
  untilConverged,
} from './matrix.ts'
import { isTimed } from './neighbours.ts'

let host: Host
/** A token is the id of its user. */
let access: Map<string, AccessAnswer>
const editors: Editor[] = []

afterEach(async () => {
  for (const editor of editors.splice(0)) editor.destroy()
  await host.close()
})

function grantOf(id: string, role: Role = 'edit'): Grant {
  return { user: { id, name: id }, role }
}

const authorize: Authorize = ({ token }) => {
  if (token === undefined || token === '') return { denied: 'unauthenticated' }
  return access.get(token) ?? { denied: 'forbidden' }
}

/** A second as people count; beside other tests it is not the server that takes longer. */
const secondMs = isTimed ? 1_000 : 10_000

/** Waits until everybody was told why they are out, each in their own protocol, and says how long it took. */
async function untilTold(
  all: readonly Editor[],
  sinceMs: number,
  { reason, code }: { readonly reason: string; readonly code: number },
): Promise<number> {
  for (const { kind, denied, closedWith } of all) {
    await until(`${kind} is told`, () => denied.length + closedWith.length > 0)
    if (isHocuspocus(kind)) expect([denied, closedWith], kind).toEqual([[reason], []])
    else expect(closedWith[0], kind).toBe(code)
  }
  return performance.now() - sinceMs
}

/** Everybody in `people` may edit. */
async function start(
  people: readonly string[],
  options: Partial<SyncServerOptions> = {},
): Promise<void> {
  access = new Map(people.map((id) => [id, grantOf(id)]))
  host = await startHost({ authorize, ...options })
}

async function open(kind: Kind, document: string, token: string): Promise<Editor> {
  const editor = await openEditor(kind, { url: host.url, document, token: () => token })
  editors.push(editor)
  await until(`${kind} is synced`, () => editor.isSynced)
  return editor
}

/** One editor of each kind in `document`; the kind is the token. */
async function openAll(document: string): Promise<Editor[]> {
  return await Promise.all(kinds.map((kind) => open(kind, document, kind)))
}

const stored = (document: string) => () => storedText(host.store, document)
const caretOf = (seer: Editor, seen: Editor): unknown =>
  seer.awareness.getStates().get(seen.doc.clientID)?.['caret']

/** Everybody writes a word of their own, and has everybody's. */
async function expectAllWrite(
  all: readonly Editor[],
  document: string,
  mark: string,
): Promise<void> {
  for (const editor of all) editor.text.insert(editor.text.length, `[${mark} ${editor.kind}]`)
  const text = await untilConverged(all, stored(document))
  for (const { kind } of all) expect(text).toContain(`[${mark} ${kind}]`)
}

async function expectAllSaved(all: readonly Editor[]): Promise<void> {
  for (const editor of all) {
    if (editor.unsynced === undefined) continue
    await until(`${editor.kind} has everything saved`, () => editor.unsynced === 0)
  }
  // A count that is wrong is seen when something that is not counted comes late.
  await new Promise((resolve) => setImmediate(resolve))
  for (const { kind, unsynced } of all) if (unsynced !== undefined) expect(unsynced, kind).toBe(0)
}

test('[MX1] all kinds of clients edit one document at once, converge, and count to nothing unsaved', async () => {
  await start(kinds)
  const all = await openAll('together')
  const seed = Number(process.env['SEED'] ?? 20261120)
  const random = createSeededRandom(seed)
  for (let round = 0; round < 150; round++) {
    const { text } = random.pick(all)
    const at = random.below(text.length + 1)
    if (text.length > 20 && random.chance(0.4)) text.delete(Math.min(at, text.length - 3), 3)
    else text.insert(at, random.pick(['a', 'bc', 'def ', '\u{1F98A}']))
    if (random.chance(0.3)) await new Promise((resolve) => setImmediate(resolve))
  }
  const text = await untilConverged(all, stored('together'))
  expect(text.length, `seed ${seed}`).toBeGreaterThan(10)
  await expectAllSaved(all)
  await expectAllWrite(all, 'together', 'end')
  await expectAllSaved(all)
  for (const { kind, closedWith } of all) expect(closedWith, kind).toEqual([])
})

test('[MX2] everybody sees where everybody is, and who leaves', async () => {
  await start(kinds)
  const all = await openAll('who')
  all.forEach((editor, i) => editor.awareness.setLocalStateField('caret', i))
  const seesAll = (seer: Editor, others: readonly Editor[]) =>
    others.every((seen) => caretOf(seer, seen) === all.indexOf(seen))
  await until('all see all', () => all.every((seer) => seesAll(seer, all)))
  all.forEach((editor, i) => {
    all[i]?.awareness.setLocalStateField('caret', i + 100)
    expect(editor).toBeDefined()
  })
  await until('all see all move', () =>
    all.every((seer) => all.every((seen, i) => caretOf(seer, seen) === i + 100)),
  )
  const remaining = [...all]
  for (const leaver of all.slice(0, -1)) {
    remaining.shift()
    leaver.destroy()
    await until(`${leaver.kind} has left`, () =>
      remaining.every((seer) => !seer.awareness.getStates().has(leaver.doc.clientID)),
    )
  }
})

test('[MX3] all come back when their sockets are cut, with what they wrote meanwhile, and count right', async () => {
  await start(kinds)
  const all = await openAll('cut')
  for (const editor of all) editor.text.insert(0, `${editor.kind}, `)
  const before = await untilConverged(all, stored('cut'))
  await expectAllSaved(all)
  for (const [round, editor] of [...all.entries()].slice(0, 3)) {
    host.cut()
    await until('all have noticed', () => all.every(({ isSynced }) => !isSynced))
    for (const { text, kind } of all) {
      for (let i = 0; i < 5; i++) text.insert(text.length, `${kind[0]}${i}`)
      text.insert(0, 'gone')
      text.delete(0, 4)
    }
    editor.awareness.setLocalStateField('caret', round)
    host.mend()
    await until('all are back', () => all.every(({ isSynced }) => isSynced), 20_000)
    await untilConverged(all, stored('cut'))
    await expectAllWrite(all, 'cut', `round ${round}`)
    await until(`${editor.kind} is seen by all`, () =>
      all.every((seer) => caretOf(seer, editor) === round),
    )
  }
  for (const { kind, lengthsWhenSynced, unsynced } of all) {
    for (const length of lengthsWhenSynced.slice(1)) {
      expect(length, kind).toBeGreaterThanOrEqual(before.length)
    }
    // Deletions made offline leave nobody with a number that is too low.
    if (unsynced !== undefined) expect(unsynced, kind).toBeGreaterThanOrEqual(0)
  }
  await expectAllSaved(all)
}, 60_000)

test('[MX4] nobody says that it is synced before all of the document is there', async () => {
  await start([...kinds, 'author'])
  const author = await open('y-websocket 3.1.0', 'long', 'author')
  author.text.insert(0, 'x'.repeat(300_000))
  await untilConverged([author], stored('long'))
  for (const kind of kinds) {
    const reader = await open(kind, 'long', kind)
    expect(reader.lengthsWhenSynced, kind).toEqual([300_000])
  }
})

test('[MX5] who may only read any more, while connected, changes nothing; who may write again loses nothing', async () => {
  await start([...kinds, 'witness'])
  const witness = await open('y-websocket 3.1.0', 'roles', 'witness')
  const all = await openAll('roles')
  witness.text.insert(0, 'common ')
  await untilConverged([witness, ...all], stored('roles'))
  await expectAllSaved(all)

  for (const kind of kinds) access.set(kind, grantOf(kind, 'view'))
  const before = host.sync.stats().counters.updatesRefused
  const demotedMs = performance.now()
  host.sync.recheck({ document: named('roles') })
  await until('those who can be told know', () =>
    all.every(({ scope }) => scope === undefined || scope === 'readonly' || scope === 'view'),
  )
  expect(performance.now() - demotedMs).toBeLessThan(secondMs)
  for (const editor of all) editor.text.insert(0, `refused ${editor.kind} `)
  await until(
    'all are refused',
    () => host.sync.stats().counters.updatesRefused - before === all.length,
  )
  witness.text.insert(0, 'after ')
  await until('the readers still hear', () =>
    all.every(({ text }) => text.toJSON().includes('after ')),
  )
  expect(witness.text.toJSON()).toBe('after common ')
  await until('it is stored', async () => (await stored('roles')()) === 'after common ')
  for (const { kind, closedWith, unsynced } of all) {
    expect(closedWith, kind).toEqual([])
    if (isHocuspocus(kind)) expect(unsynced, kind).toBe(1)
  }
  // Presence is nobody's privilege.
  for (const editor of all) editor.awareness.setLocalStateField('caret', 5)
  await until('readers are seen', () => all.every((seen) => caretOf(witness, seen) === 5))

  for (const kind of kinds) access.set(kind, grantOf(kind, 'edit'))
  host.sync.recheck({ document: named('roles') })
  const text = await untilConverged([witness, ...all], stored('roles'))
  for (const kind of kinds) expect(text).toContain(`refused ${kind} `)
  await expectAllSaved(all)
})

test('[MX6] who is not let in any more is told so in their own language, and the others go on', async () => {
  await start([...kinds, 'witness'])
  const witness = await open('y-websocket 3.1.0', 'revoked', 'witness')
  const all = await openAll('revoked')
  witness.text.insert(0, 'kept')
  await untilConverged([witness, ...all], stored('revoked'))
  for (const kind of kinds) access.set(kind, { denied: 'forbidden' })
  const revokedMs = performance.now()
  host.sync.recheck({ document: named('revoked') })
  const forbidden = { reason: 'forbidden', code: 4403 }
  expect(await untilTold(all, revokedMs, forbidden)).toBeLessThan(secondMs)
  await until('the witness is alone', () => host.sync.stats().sessions === 1)
  for (const { text } of all) text.insert(0, 'from outside ')
  witness.text.insert(4, ' on')
  await untilConverged([witness], stored('revoked'))
  expect(witness.text.toJSON()).toBe('kept on')
  expect(witness.awareness.getStates().size).toBe(1)
})

test('[MX6] who comes without a good token is told so', async () => {
  await start([])
  for (const kind of kinds) {
    for (const { token, reason, code } of [
      { token: '', reason: 'unauthorized', code: 4401 },
      { token: 'nobody', reason: 'forbidden', code: 4403 },
    ]) {
      const editor = await openEditor(kind, {
        url: host.url,
        document: `closed-${code}`,
        token: () => token,
      })
      editors.push(editor)
      const { denied, closedWith } = editor
      await until(`${kind} is told`, () => denied.length + closedWith.length > 0)
      if (isHocuspocus(kind)) expect(denied, kind).toEqual([reason])
      else if (token !== '' || kind === 'quire.v1') expect(closedWith[0], kind).toBe(code)
      editor.destroy()
    }
  }
  await until('all are gone', () => host.sync.stats().connections === 0)
  expect(host.sync.stats().rooms).toBe(0)
})

test('[MX9] a document that is deleted while it is open is over for everybody within a second, and stays so', async () => {
  await start([...kinds, 'late'])
  const all = await openAll('deleted')
  await expectAllWrite(all, 'deleted', 'before')
  const startMs = performance.now()
  await host.store.delete(named('deleted'))
  host.sync.closeDocument(named('deleted'), 'deleted')
  await until('the server has let all go', () => host.sync.stats().sessions === 0)
  const deleted = { reason: 'document deleted', code: 4410 }
  expect(await untilTold(all, startMs, deleted)).toBeLessThan(secondMs)

  for (const { text } of all) text.insert(0, 'after ')
  const options = { url: host.url, document: 'deleted', token: () => 'late' }
  for (const kind of kinds) {
    const late = await openEditor(kind, options)
    editors.push(late)
    await until(`${kind} is told`, () => late.denied.length + late.closedWith.length > 0)
    expect([late.isSynced, late.text.length], kind).toEqual([false, 0])
  }
  await until('no room is left', () => host.sync.stats().rooms === 0)
  const { isDeleted, tail } = await host.store.open(named('deleted'))
  expect([isDeleted, tail]).toEqual([true, []])
})

test('[MX10] a link that is replaced lets those who came by it go within a second, and the new one lets people in', async () => {
  await start(['owner', 'old link'])
  const owner = await open('y-websocket 3.1.0', 'shared', 'owner')
  const all = await Promise.all(kinds.map((kind) => open(kind, 'shared', 'old link')))
  await expectAllWrite([owner, ...all], 'shared', 'before')

  access.delete('old link')
  access.set('new link', grantOf('new link'))
  const replacedMs = performance.now()
  host.sync.recheck({ document: named('shared') })
  const forbidden = { reason: 'forbidden', code: 4403 }
  expect(await untilTold(all, replacedMs, forbidden)).toBeLessThan(secondMs)
  for (const { text } of all) text.insert(0, 'by the old link ')

  const after = await Promise.all(kinds.map((kind) => open(kind, 'shared', 'new link')))
  await expectAllWrite([owner, ...after], 'shared', 'after')
  expect(owner.text.toJSON()).not.toContain('by the old link')
  expect(owner.closedWith).toEqual([])
})

test('[MX8] a document built by all kinds at once is the same for one that comes later', async () => {
  await start([...kinds, 'late'])
  const all = await openAll('later')
  await expectAllWrite(all, 'later', 'first')
  for (const editor of all) editor.destroy()
  await until('all have left', () => host.sync.stats().connections === 0)
  const late = await open('hocuspocus 4.8.0', 'later', 'late')
  expect(late.text.toJSON()).toBe(await stored('later')())
  expect(Y.encodeStateVector(late.doc).length).toBeGreaterThan(7)
})
