/**
 * What only Hocuspocus' providers do, with the unmodified ones: several documents on one socket, tokens
 * in band, detaching.
 */
import { until } from '@quire/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import type { Authorize, Grant } from '../src/index.ts'
import { type Host, named, startHost, storedText } from './harness.ts'
import {
  type HocuspocusKind,
  hocuspocusKinds,
  type HocuspocusProvider,
  type HocuspocusSocket,
  openHocuspocusProvider,
  openHocuspocusSocket,
} from './matrix.ts'

let host: Host
const closing: { destroy(): void }[] = []

afterEach(async () => {
  for (const one of closing.splice(0).reverse()) one.destroy()
  await host.close()
})

async function openSocket(kind: HocuspocusKind): Promise<HocuspocusSocket> {
  const socket = await openHocuspocusSocket(kind, host.url)
  closing.push(socket)
  return socket
}

async function attach(
  kind: HocuspocusKind,
  socket: HocuspocusSocket,
  document: string,
  token: string | (() => string) = 'tok',
  rest: object = {},
): Promise<HocuspocusProvider> {
  const given = typeof token === 'string' ? () => token : token
  const provider = await openHocuspocusProvider(kind, socket, { document, token: given }, rest)
  closing.push(provider)
  return provider
}

const textOf = (provider: HocuspocusProvider) => provider.document.getText('content')

describe.each(hocuspocusKinds)('%s', (kind: HocuspocusKind) => {
  test('[MH1] several documents on one socket, of which one is forbidden: the others work', async () => {
    host = await startHost({
      authorize: ({ document }) =>
        document === 'secret'
          ? { denied: 'forbidden' }
          : { user: { id: 'u', name: '' }, role: 'edit' },
    })
    const socket = await openSocket(kind)
    const closedWith: number[] = []
    socket.on('close', ({ event }) => closedWith.push(event.code))
    const denied: string[] = []
    const onAuthenticationFailed = ({ reason }: { reason: string }) => denied.push(reason)
    const [one, secret, two] = [
      await attach(kind, socket, 'one'),
      await attach(kind, socket, 'secret', 'tok', { onAuthenticationFailed }),
      await attach(kind, socket, 'two'),
    ]
    await until('both are synced', () => one.synced && two.synced)
    await until('the third is told', () => denied.length > 0)
    textOf(secret).insert(0, 'psst')
    textOf(one).insert(0, 'first')
    textOf(two).insert(0, 'second')
    await until('it is saved', () => !one.hasUnsyncedChanges && !two.hasUnsyncedChanges)
    expect(await storedText(host.store, 'one')).toBe('first')
    expect(await storedText(host.store, 'two')).toBe('second')
    expect(await storedText(host.store, 'secret')).toBe('')
    expect(denied).toEqual(['forbidden'])
    expect(closedWith).toEqual([])
    expect(host.sync.stats()).toMatchObject({ connections: 1, sessions: 2 })
  })

  test('[MH2] a document that is destroyed and opened again in one tick works, and others never notice', async () => {
    host = await startHost()
    const socket = await openSocket(kind)
    const [first, neighbour] = [
      await attach(kind, socket, 'again'),
      await attach(kind, socket, 'neighbour'),
    ]
    await until('both are synced', () => first.synced && neighbour.synced)
    textOf(first).insert(0, 'one')
    let current = first
    for (let round = 0; round < 3; round++) {
      await until('it is saved', () => !current.hasUnsyncedChanges)
      const opening = attach(kind, socket, 'again')
      current.destroy()
      current = await opening
      textOf(current).insert(0, 'two ')
      await until('it is synced', () => current.synced)
      textOf(current).insert(0, 'three ')
    }
    await until('it is saved', () => current.unsyncedChanges === 0)
    expect(await storedText(host.store, 'again')).toBe(textOf(current).toJSON())
    await until('the old ones are gone', () => host.sync.stats().sessions === 2)
    expect(neighbour.synced).toBe(true)
    const { providerMap } = socket.configuration
    expect([...providerMap.keys()].toSorted()).toEqual(['again', 'neighbour'])
  })

  test('[MH3] a newer token is asked about and prolongs what would end', async () => {
    const asked: (string | undefined)[] = []
    const authorize: Authorize = ({ token }) => {
      asked.push(token)
      const grant: Grant = { user: { id: 'u', name: '' }, role: 'edit' }
      return token === 'old' ? { ...grant, expiresAtMs: Date.now() + 1_500 } : grant
    }
    host = await startHost({ authorize })
    const socket = await openSocket(kind)
    let token = 'old'
    const denied: string[] = []
    const provider = await attach(kind, socket, 'token', () => token)
    provider.on('authenticationFailed', ({ reason }) => denied.push(reason))
    await until('it is synced', () => provider.synced)
    token = 'new'
    if (kind === 'hocuspocus 2.15.3') {
      // It has no message for it, and is told when the time is over.
      await until('it is told', () => denied.length > 0)
      expect(denied).toEqual(['unauthorized'])
      return
    }
    await until('the server asks, and is answered', () => asked.includes('new'))
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(denied).toEqual([])
    token = 'newest'
    await provider.sendToken?.()
    await until('the application may do so, too', () => asked.includes('newest'))
    textOf(provider).insert(0, 'still in')
    await until('it is saved', () => !provider.hasUnsyncedChanges)
    expect(denied).toEqual([])
  })

  test('[MH4] the count survives forceSync, and presence of a provider that is destroyed is gone at once', async () => {
    host = await startHost()
    const socket = await openSocket(kind)
    const provider = await attach(kind, socket, 'force')
    const other = await attach(kind, await openSocket(kind), 'force')
    await until('both are synced', () => provider.synced && other.synced)
    for (let round = 0; round < 5; round++) {
      provider.forceSync()
      textOf(provider).insert(0, 'x')
      await until('it is saved', () => provider.unsyncedChanges === 0)
    }
    provider.forceSync()
    await until('it is saved', () => provider.unsyncedChanges === 0)
    provider.awareness.setLocalStateField('caret', 1)
    const adaAsOtherSees = () => other.awareness.getStates().get(provider.document.clientID)
    await until('the other sees it', () => adaAsOtherSees()?.['caret'] === 1)
    provider.destroy()
    await until('the other sees it leave', () => adaAsOtherSees() === undefined)
    expect(socket.status).toBe('connected')
  })
})

test('[MH1] a page with a hundred documents on one socket comes back at once, also when access is slow', async () => {
  const grant: Grant = { user: { id: 'u', name: '' }, role: 'edit' }
  host = await startHost({
    authorize: () => new Promise((resolve) => setTimeout(() => resolve(grant), 100)),
  })
  const kind = 'hocuspocus 4.8.0'
  const socket = await openSocket(kind)
  const closedWith: number[] = []
  socket.on('close', ({ event }) => closedWith.push(event.code))
  const providers: HocuspocusProvider[] = []
  for (let i = 0; i < 100; i++) {
    providers.push(await attach(kind, socket, `doc-${i}`, 'x'.repeat(2_000)))
  }
  await until('all are synced', () => providers.every(({ synced }) => synced))
  host.cut()
  await until('it has noticed', () => closedWith.length === 1)
  for (const provider of providers) {
    for (let i = 0; i < 10; i++) textOf(provider).insert(0, 'x')
  }
  host.mend()
  await until('all are synced again', () => providers.every(({ synced }) => synced))
  await until('all is saved', () => providers.every(({ unsyncedChanges }) => unsyncedChanges === 0))
  expect(await storedText(host.store, 'doc-99')).toBe('x'.repeat(10))
  expect(closedWith).toHaveLength(1)
  expect(host.sync.stats()).toMatchObject({ connections: 1, sessions: 100 })
})

test.each(hocuspocusKinds)(
  '[MH11] %s: what a client says statelessly reaches the application, and what the application says the clients',
  async (kind) => {
    host = await startHost({
      authorize: ({ token = '' }) => ({ user: { id: token, name: '' }, role: 'view' }),
      // What Hocuspocus' users write: whoever says something is heard by all others.
      onStateless: ({ document, sessionId, user, text }) =>
        host.sync.sendStateless(
          document,
          `${user.id} says ${text}`,
          (peer) => peer.sessionId !== sessionId,
        ),
    })
    const heard: Record<string, string[]> = { ada: [], ben: [] }
    const [ada, ben] = await Promise.all(
      ['ada', 'ben'].map(async (name) => {
        const onStateless = ({ payload }: { payload: string }) => heard[name]?.push(payload)
        return attach(kind, await openSocket(kind), 'paper', name, { onStateless })
      }),
    )
    await until('both are synced', () => ada?.synced === true && ben?.synced === true)
    ada?.sendStateless('hello 🦊')
    ada?.sendStateless('bye')
    await until('ben heard it', () => heard['ben']?.length === 2)
    host.sync.sendStateless(named('paper'), 'to all')
    host.sync.sendStateless(named('nobody-has-it-open'), 'to nobody')
    await until('ada heard it', () => heard['ada']?.length === 1)
    await until('ben heard it', () => heard['ben']?.length === 3)
    expect(heard).toEqual({
      ada: ['to all'],
      ben: ['ada says hello 🦊', 'ada says bye', 'to all'],
    })
    expect(() => host.sync.sendStateless(named('paper'), 'x'.repeat(70_000))).toThrow(RangeError)
  },
)

test('[MH5] two providers of one document on one socket, and one of another, by their session ids', async () => {
  host = await startHost()
  const kind = 'hocuspocus 4.8.0'
  const socket = await openSocket(kind)
  const aware = { sessionAwareness: true }
  const [one, two, three] = [
    await attach(kind, socket, 'paper', 'tok', aware),
    await attach(kind, socket, 'paper', 'tok', aware),
    await attach(kind, socket, 'other', 'tok', aware),
  ]
  await until('all are synced', () => one.synced && two.synced && three.synced)
  textOf(one).insert(0, 'from one ')
  await until('two has it', () => textOf(two).toJSON() === 'from one ')
  textOf(two).insert(0, 'from two ')
  await until('one has it', () => textOf(one).toJSON() === 'from two from one ')
  await until('it is saved', () => one.unsyncedChanges === 0 && two.unsyncedChanges === 0)
  expect(textOf(three).toJSON()).toBe('')
  one.awareness.setLocalStateField('caret', 1)
  await until('two sees one', () => two.awareness.getStates().has(one.document.clientID))
  one.destroy()
  await until('two sees it leave', () => !two.awareness.getStates().has(one.document.clientID))
  textOf(two).insert(0, 'alone ')
  await until('it is saved', () => two.unsyncedChanges === 0)
  expect(host.sync.stats()).toMatchObject({ connections: 1, sessions: 2 })
})

test('[MH6] a provider that gathers its edits counts one for each gathering', async () => {
  host = await startHost()
  const kind = 'hocuspocus 4.8.0'
  const provider = await attach(kind, await openSocket(kind), 'batch', 'tok', { flushDelay: 20 })
  await until('it is synced', () => provider.synced)
  for (let i = 0; i < 20; i++) textOf(provider).insert(0, 'x')
  await until('it is saved', () => provider.unsyncedChanges === 0)
  expect(await storedText(host.store, 'batch')).toBe('x'.repeat(20))
})
