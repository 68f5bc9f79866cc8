import 'fake-indexeddb/auto'
import { createLog, type LogEntry } from '@quire/base'
import type { Role } from '@quire/protocol'
import type { Authorize } from '@quire/sync-server'
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { isSaved, join, textOf, type } from './quire-clients.ts'
import { nameOf, startQuireServer } from './quire-server.ts'

/** A port that knows people by their token, and can be told otherwise. */
function createPeople(roles: Readonly<Record<string, Role>>) {
  const people = new Map(Object.entries(roles))
  const authorize: Authorize = ({ token }) => {
    const role = people.get(token ?? '')
    if (token === undefined) return { denied: 'unauthenticated' }
    return role ? { user: { id: token, name: token }, role } : { denied: 'forbidden' }
  }
  return { people, authorize }
}

test('[AU1] a token gets one in, no token or a wrong one does not', async () => {
  const { authorize } = createPeople({ ada: 'edit' })
  const server = await startQuireServer({ authorize })
  const ada = join(server, { token: () => Promise.resolve('ada') })
  await until('Ada is saved', () => isSaved(ada))
  expect(ada.session?.user.name).toBe('ada')
  for (const [token, code] of [
    [undefined, 4401],
    ['eve', 4403],
  ] as const) {
    const other = join(server, token === undefined ? {} : { token })
    await until('refused', () => other.status.kind === 'refused')
    expect(other.status).toMatchObject({ code })
  }
})

test('[AU5] a reader sees everything and saves nothing; what they wrote goes up when they may write', async () => {
  const { people, authorize } = createPeople({ ada: 'edit', ben: 'view' })
  const server = await startQuireServer({ authorize })
  const ada = join(server, { token: 'ada' })
  const ben = join(server, { token: 'ben', offlineCopy: true })
  const said: string[] = []
  ben.on('status', ({ kind }) => said.push(kind))
  await until('both are in', () => isSaved(ada) && ben.status.kind === 'readOnly')
  type(ada, 'from Ada ')
  await until('Ben reads it', () => textOf(ben).toJSON() === 'from Ada ')
  type(ben, 'from Ben')
  await until(
    'it is kept on the device',
    () => ben.status.kind === 'readOnly' && ben.status.keptOnDevice,
  )
  expect(ben.status).toEqual({ kind: 'readOnly', unsaved: 1, keptOnDevice: true })
  // Whatever else goes over the same connection is acknowledged, and must not count for the edit.
  type(ada, '!')
  await until('Ben reads on', () => textOf(ben).toJSON().includes('!'))
  expect((await server.stored('d')).getText('t').toJSON()).not.toContain('from Ben')
  expect(said).not.toContain('saved')
  people.set('ben', 'edit')
  server.sync.recheck({ userId: 'ben' })
  await until('Ben is saved', () => isSaved(ben))
  expect((await server.stored('d')).getText('t').toJSON()).toContain('from Ben')
  await until('Ada has it', () => textOf(ada).toJSON().includes('from Ben'))
})

test('[AU5] who loses the right to write while typing keeps what was not taken, and is not told that it is saved', async () => {
  const { people, authorize } = createPeople({ ada: 'edit' })
  const server = await startQuireServer({ authorize })
  const ada = join(server, { token: 'ada' })
  await until('Ada is saved', () => isSaved(ada))
  type(ada, 'taken ')
  await until('Ada is saved', () => isSaved(ada))
  people.set('ada', 'comment')
  server.sync.recheck({ document: nameOf('d') })
  type(ada, 'not taken')
  await until('Ada may read', () => ada.status.kind === 'readOnly')
  expect(ada.status).toMatchObject({ unsaved: 1 })
  expect((await server.stored('d')).getText('t').toJSON()).toBe('taken ')
  people.delete('ada')
  server.sync.recheck({ userId: 'ada' })
  await until('Ada is out', () => ada.status.kind === 'refused')
  expect(ada.status).toMatchObject({ code: 4403, unsaved: 1 })
  expect(textOf(ada).toJSON()).toBe('taken not taken')
})

test('[AU3] a session outlives its token when another is to be had, without a new connection', async () => {
  let lifeMs = 3_000
  const authorize: Authorize = ({ token }) => ({
    user: { id: 'ada', name: '' },
    role: 'edit',
    expiresAtMs: Number(token),
  })
  const server = await startQuireServer({ authorize })
  const tokens: number[] = []
  const ada = join(server, {
    token: () => {
      tokens.push(Date.now() + lifeMs)
      lifeMs = 60_000
      return String(tokens.at(-1))
    },
  })
  await until('Ada is saved', () => isSaved(ada))
  await until('another token was fetched', () => tokens.length === 2)
  await until('the first has ended', () => Date.now() > (tokens[0] ?? 0))
  type(ada, 'still here')
  await until('Ada is saved', () => isSaved(ada))
  expect(ada.trace().filter(({ what }) => what === 'dial')).toHaveLength(1)
})

test('[AU1] a token is in no log and no trace of either side', async () => {
  const entries: LogEntry[] = []
  const log = createLog((entry) => entries.push(entry))
  const { people, authorize } = createPeople({ 'granted-word': 'edit' })
  const server = await startQuireServer({ authorize, log })
  const ada = join(server, { token: () => 'granted-word', log })
  const eve = join(server, { token: 'denied-word', log })
  await until('both know', () => isSaved(ada) && eve.status.kind === 'refused')
  server.cutConnections()
  await until('Ada is back', () => isSaved(ada))
  people.clear()
  server.sync.recheck({})
  await until('Ada is out', () => ada.status.kind === 'refused')
  const everything = JSON.stringify([entries, ada.trace(), eve.trace(), server.sync.stats()])
  expect(entries.length).toBeGreaterThan(3)
  expect(everything).not.toMatch(/granted-word|denied-word/)
})
