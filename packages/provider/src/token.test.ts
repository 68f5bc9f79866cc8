import { encodeSession, encodeTokenRequest, encodeToken, type Role } from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { type FakeSocket, messages } from '../test/fake-network.ts'
import { createFakeWorld } from '../test/fake-provider.ts'
import { createProvider } from './create-provider.ts'

const tokenFrame = (token: string) => encodeToken(token)
const sessionFrame = (role: Role) =>
  encodeSession({ role, user: { id: 'ada', name: 'Ada' }, lineage: null })
const tokensIn = (socket: FakeSocket): string[] =>
  messages(socket).flatMap((message) => (message.kind === 'token' ? [message.token] : []))
/** The server takes the client in and answers. */
function admit(socket: FakeSocket, role: Role = 'edit'): void {
  socket.open()
  socket.receive(sessionFrame(role))
  socket.sync(new Y.Doc())
}

/** A source of tokens that answers when it is told. */
function createSource() {
  const open: { resolve(token: string): void; reject(error: Error): void }[] = []
  return {
    token: () => new Promise<string>((resolve, reject) => open.push({ resolve, reject })),
    get openCount() {
      return open.length
    },
    next() {
      const question = open.shift()
      if (!question) throw new Error('nobody asked')
      return question
    },
  }
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('[AU1] a token leaves as the first message, and stands in no address, trace or log', async () => {
  const { network, provider } = createFakeWorld({ token: 'secret-word' })
  network.last.open()
  expect(network.last.sent[0]).toEqual(tokenFrame('secret-word'))
  expect(messages(network.last).map(({ kind }) => kind)).toContain('step1')
  expect(network.last.url).not.toContain('secret-word')
  expect(network.last.protocols).toEqual(['quire.v1'])
  network.last.end(4401, 'unauthorized')
  expect(JSON.stringify(provider.trace())).not.toContain('secret-word')
})

test('[AU1] a server that does not speak quire.v1 is told no token', () => {
  const { network } = createFakeWorld({ token: 'secret-word' })
  network.last.open('')
  expect(tokensIn(network.last)).toEqual([])
  const stock = { url: 'ws://quire.test', document: 'd', doc: new Y.Doc(), connect: false } as const
  expect(() =>
    createProvider({ ...stock, token: 'x', dialect: 'stock', webSocket: network.WebSocket }),
  ).toThrow('a stock server has no message for a token')
})

test('[AU2] a function is asked for a token before each attempt', () => {
  let count = 0
  const { network, clock } = createFakeWorld({ token: () => `token ${++count}` })
  admit(network.last)
  expect(tokensIn(network.last)).toEqual(['token 1'])
  network.last.end(1006)
  clock.advance(300)
  admit(network.last)
  expect(tokensIn(network.last)).toEqual(['token 2'])
})

test('[AU2] nothing is dialled before the token is there; one that fails, or is no text, is a failed attempt', async () => {
  const source = createSource()
  const { network, clock, provider } = createFakeWorld({ token: source.token })
  expect([network.sockets.length, provider.status.kind]).toEqual([0, 'saving'])
  source.next().reject(new Error('secret-word'))
  await turn()
  expect(provider.status.kind).toBe('offline')
  clock.advance(300)
  source.next().resolve(7 as never)
  await turn()
  clock.advance(600)
  source.next().resolve('good')
  await turn()
  network.last.open()
  expect([network.sockets.length, tokensIn(network.last)]).toEqual([1, ['good']])
  expect(JSON.stringify(provider.trace())).not.toContain('secret-word')
})

test('[AU2] a source that throws is a failed attempt too', () => {
  let isBroken = true
  const { network, clock, provider } = createFakeWorld({
    token: () => {
      if (isBroken) throw new Error('not signed in')
      return 'good'
    },
  })
  expect([network.sockets.length, provider.status.kind]).toEqual([0, 'offline'])
  isBroken = false
  clock.advance(300)
  network.last.open()
  expect(tokensIn(network.last)).toEqual(['good'])
})

test('[AU2] a token that takes longer than 10 s is given up, and not used when it comes', async () => {
  const source = createSource()
  const { network, clock, provider } = createFakeWorld({ token: source.token })
  const late = source.next()
  clock.advance(10_000)
  expect(provider.status.kind).toBe('offline')
  clock.advance(300)
  expect(source.openCount).toBe(1)
  late.resolve('late')
  await turn()
  expect(network.sockets.length).toBe(0)
  source.next().resolve('good')
  await turn()
  network.last.open()
  expect(tokensIn(network.last)).toEqual(['good'])
})

test('[AU2] a page that wakes while the application looks for a token does not make it look twice', async () => {
  const source = createSource()
  const { network, page, clock } = createFakeWorld({ token: source.token })
  source.next().reject(new Error('no network'))
  await turn()
  clock.advance(300)
  page.dispatchEvent(new Event('visibilitychange'))
  expect(source.openCount).toBe(1)
  source.next().resolve('good')
  await turn()
  expect(network.sockets.length).toBe(1)
})

test('[AU2] who disconnects or closes while a token is looked for is not connected by it', async () => {
  const source = createSource()
  const { network, clock, provider } = createFakeWorld({ token: source.token })
  provider.disconnect()
  source.next().resolve('late')
  await turn()
  expect(network.sockets.length).toBe(0)
  provider.connect()
  await provider.close()
  source.next().resolve('late')
  await turn()
  expect([network.sockets.length, clock.timerCount]).toEqual([0, 0])
})

test('[AU3] a newer token is brought on the connection that stands, when the server asks', async () => {
  const source = createSource()
  const { network, provider } = createFakeWorld({ token: source.token })
  source.next().resolve('first')
  await turn()
  admit(network.last)
  network.last.receive(encodeTokenRequest())
  source.next().resolve('second')
  await turn()
  expect(tokensIn(network.last)).toEqual(['first', 'second'])
  expect([network.sockets.length, provider.status.kind]).toEqual([1, 'saving'])
})

test('[AU3] a connection that ends while a newer token is looked for does not keep the next from asking', async () => {
  const source = createSource()
  const { network, clock } = createFakeWorld({ token: source.token })
  source.next().resolve('first')
  await turn()
  admit(network.last)
  network.last.receive(encodeTokenRequest())
  const late = source.next()
  network.last.end(1006)
  clock.advance(300)
  late.resolve('late')
  source.next().resolve('second')
  await turn()
  network.last.open()
  expect(tokensIn(network.last)).toEqual(['second'])
})

test('[AU3] who has no token, or gets none, when the server asks stays as it is', async () => {
  let isSignedOut = false
  const token = () => (isSignedOut ? Promise.reject(new Error('signed out')) : 'first')
  for (const world of [createFakeWorld(), createFakeWorld({ token })]) {
    const { network, provider } = world
    admit(network.last)
    const before = tokensIn(network.last)
    isSignedOut = true
    network.last.receive(encodeTokenRequest())
    await turn()
    expect(tokensIn(network.last)).toEqual(before)
    expect([network.last.readyState, network.sockets.length]).toEqual([1, 1])
    expect(provider.status.kind).toBe('saving')
    isSignedOut = false
  }
})

test('[AU4] a token that has ended is replaced by a new one, when there is a way to get one', () => {
  let count = 0
  const renewing = createFakeWorld({ token: () => `token ${++count}` })
  admit(renewing.network.last)
  renewing.network.last.end(4401, 'unauthorized')
  expect(renewing.provider.status.kind).toBe('offline')
  renewing.clock.advance(300)
  renewing.network.last.open()
  expect(tokensIn(renewing.network.last)).toEqual(['token 2'])
  // One that was fetched a moment ago, and is not taken at all, is no reason to fetch another.
  renewing.network.last.end(4401, 'unauthorized')
  expect(renewing.provider.status).toMatchObject({ kind: 'refused', code: 4401 })

  const fixed = createFakeWorld({ token: 'always the same' })
  admit(fixed.network.last)
  fixed.network.last.end(4401, 'unauthorized')
  expect(fixed.provider.status).toMatchObject({ kind: 'refused', code: 4401 })
})

test('[AU4] who lost the right is refused, whatever token there may be', () => {
  const { network, provider } = createFakeWorld({ token: () => 'token' })
  admit(network.last)
  network.last.end(4403, 'forbidden')
  expect(provider.status).toMatchObject({ kind: 'refused', code: 4403 })
})

test('[AU5] with a role that may not write the status is read-only, and edits are counted, not saved', () => {
  for (const role of ['view', 'comment'] as const) {
    const { network, provider, type } = createFakeWorld()
    admit(network.last, role)
    expect(provider.status).toEqual({ kind: 'readOnly', unsaved: 0, keptOnDevice: false })
    type('mine')
    expect(provider.status).toEqual({ kind: 'readOnly', unsaved: 1, keptOnDevice: false })
    expect(provider.hasUnsaved).toBe(true)
    network.last.receive(sessionFrame('edit'))
    expect(provider.status).toEqual({ kind: 'saving', unsaved: 1 })
    network.last.receive(sessionFrame(role))
    network.last.end(1006)
    expect(provider.status.kind).toBe('offline')
  }
})

test('[AU5] a role of an earlier connection is not taken for the one of the next', () => {
  const { network, clock, announced } = createFakeWorld()
  admit(network.last, 'view')
  network.last.end(1006)
  clock.advance(300)
  announced.length = 0
  admit(network.last, 'edit')
  expect(announced.map(({ kind }) => kind)).not.toContain('readOnly')
})
