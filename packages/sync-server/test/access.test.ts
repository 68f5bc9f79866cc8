/** Access over real sockets: who gets in, who has to leave, and what nobody is told. */
import { createLog, type LogEntry } from '@quire/base'
import { createMemoryStore, type DocumentStore } from '@quire/persistence'
import { encodeClient, encodeHocuspocusAddress, encodeToken } from '@quire/protocol'
import { until } from '@quire/testkit'
import { SignJWT } from 'jose'
import { afterEach, expect, test } from 'vitest'
import { type SyncServerOptions, tokenAuthorizer } from '../src/index.ts'
import { FakePort, grantOf } from './access-world.ts'
import { type Host, named, RawClient, startHost, storedText } from './harness.ts'
import { tokenMessage } from './hocuspocus-world.ts'
import { emptyStep1, knock } from './knock.ts'

let host: Host
afterEach(() => host.close())

async function startWithPort(options: Partial<SyncServerOptions> = {}): Promise<FakePort> {
  const port = new FakePort()
  host = await startHost({ authorize: port.authorize, ...options })
  return port
}

test('[AC1] a quire.v1 client says who it is in its first message, and gets in by it', async () => {
  const port = await startWithPort()
  port.answers.set('ada', grantOf('ada'))
  const ada = await RawClient.open(`${host.url}/sync/doc`, { protocols: ['quire.v1'] })
  ada.send(encodeToken('ada'))
  ada.send(emptyStep1)
  await until('Ada is in', () => ada.isSynced)
  expect(ada.frames[0]?.[0]).toBe(16)
  expect(port.asked.map(({ token }) => token)).toEqual(['ada'])
})

test('[AC1] others bring the token in the URL or in a header', async () => {
  const port = await startWithPort()
  port.answers.set('a+b/c=', grantOf('ada'))
  const query = `?x=1&token=${encodeURIComponent('a+b/c=')}`
  expect(await knock(host, `/sync/doc${query}`)).toBe(101)
  expect(await knock(host, `/doc${query}`)).toBe(101)
  expect(await knock(host, '/doc', { authorization: 'Bearer a+b/c=' })).toBe(101)
  expect(await knock(host, '/doc', { authorization: 'Basic a+b/c=' })).toBe(4401)
  expect(await knock(host, '/doc?token=wrong')).toBe(4403)
  expect(await knock(host, '/doc?token=')).toBe(4401)
  expect(await knock(host, '/doc')).toBe(4401)
})

test('[AC1] a token in a message, or a client id, is for quire.v1 only', async () => {
  const port = await startWithPort()
  port.answers.set('ada', grantOf('ada'))
  for (const message of [encodeToken('ada'), encodeClient(5, [], new Uint8Array(16))]) {
    const stock = await RawClient.join(`${host.url}/sync/doc?token=ada`, [])
    stock.send(message)
    await until('it is closed', () => stock.closed)
    expect(stock.closed?.code).toBe(4400)
  }
})

test('[AC1] who has no right learns nothing: missing and forbidden are refused alike, and nothing is opened', async () => {
  const memory = createMemoryStore()
  const opened: string[] = []
  const store: DocumentStore = {
    ...memory,
    open: async (document) => {
      opened.push(document)
      return memory.open(document)
    },
  }
  const port = new FakePort()
  host = await startHost({ store, authorize: port.authorize })
  await memory.create(named('there'), 'Secret plans')
  const said: unknown[] = []
  for (const document of ['there', 'missing']) {
    const client = await RawClient.open(`${host.url}/sync/${document}?token=eve`)
    client.send(emptyStep1)
    await until('it is closed', () => client.closed)
    said.push([client.closed, client.frames])
  }
  const refusal = [{ code: 4403, reason: 'forbidden' }, []]
  expect(said).toEqual([refusal, refusal])
  expect(opened).toEqual([])
  expect((await memory.list({ limit: 10 })).documents.map(({ document }) => document)).toEqual([
    'there',
  ])
  port.answers.set('ada', grantOf('ada'))
  await RawClient.join(`${host.url}/sync/there?token=ada`)
  expect(opened).toEqual(['there'])
})

test('[AC6] rights that are taken away while somebody types end it within a second, for nobody else', async () => {
  const port = await startWithPort()
  for (const id of ['ada', 'ben']) port.answers.set(id, grantOf(id))
  const ada = await RawClient.join(`${host.url}/sync/doc?token=ada`)
  const ben = await RawClient.join(`${host.url}/sync/doc?token=ben`)
  const elsewhere = await RawClient.join(`${host.url}/sync/other?token=ada`)
  const arrivals: { readonly character: string; readonly atMs: number }[] = []
  ben.text.observe(({ changes }) => {
    for (const { insert } of changes.delta) {
      if (typeof insert === 'string')
        for (const character of insert) arrivals.push({ character, atMs: performance.now() })
    }
  })
  const typing = setInterval(() => {
    if (ada.closed === undefined) ada.text.insert(ada.text.length, 'a')
    elsewhere.text.insert(0, 'e')
  }, 2)
  await until('she types', () => arrivals.length > 50)
  port.answers.set('ada', { denied: 'forbidden' })
  const revokedMs = performance.now()
  host.sync.recheck({ document: named('doc'), userId: 'ada' })
  await until('she is out', () => ada.closed)
  const sent = ada.text.length
  await until('others go on', () => elsewhere.text.length > sent + 100)
  clearInterval(typing)
  const lastMs = Math.max(...arrivals.map(({ atMs }) => atMs)) - revokedMs
  expect(lastMs).toBeLessThan(1_000)
  expect(ada.closed?.code).toBe(4403)
  expect([ben.closed, elsewhere.closed]).toEqual([undefined, undefined])
  ben.text.insert(0, 'B')
  await until('Ben is saved', async () => (await storedText(host.store, 'doc')).startsWith('B'))
  expect((await storedText(host.store, 'doc')).length).toBe(arrivals.length)
  expect(await knock(host, '/sync/doc?token=ada')).toBe(4403)
  expect(await knock(host, '/sync/other?token=ada')).toBe(4403)
})

test('[AC4] a token that ends ends its session; one that is renewed in time does not', async () => {
  const secret = 'a secret of more than thirty-two bytes'
  const key = new TextEncoder().encode(secret)
  const sign = (seconds: number): Promise<string> =>
    new SignJWT({ sub: 'ada', documents: { doc: 'edit' } })
      .setProtectedHeader({ alg: 'HS256' })
      // Five seconds are given for clocks that differ.
      .setExpirationTime(Math.floor(Date.now() / 1_000) + seconds - 5)
      .sign(key)
  host = await startHost({ authorize: tokenAuthorizer({ secret }) })
  const enter = async (seconds: number): Promise<RawClient> => {
    const client = await RawClient.open(`${host.url}/sync/doc`, { protocols: ['quire.v1'] })
    client.send(encodeToken(await sign(seconds)))
    client.send(emptyStep1)
    await until('it is in', () => client.isSynced)
    return client
  }
  const [idle, renewed] = [await enter(3), await enter(3)]
  const isAsked = ({ frames }: RawClient) => frames.some((frame) => frame[0] === 2)
  await until('both are asked', () => isAsked(idle) && isAsked(renewed))
  renewed.send(encodeToken(await sign(60)))
  await until('one has ended', () => idle.closed)
  expect(idle.closed).toEqual({ code: 4401, reason: 'unauthorized' })
  renewed.text.insert(0, 'still here')
  await until('it is stored', async () => (await storedText(host.store, 'doc')) === 'still here')
})

test('[AC11] a token is in no log, no number and no close reason, whoever fails and however', async () => {
  const entries: LogEntry[] = []
  const log = createLog((entry) => entries.push(entry))
  const port = await startWithPort({ log })
  const heard: string[] = []
  const words = ['granted-word', 'denied-word', 'thrown-word', 'rejected-word', 'renewed-word']
  port.answers.set('granted-word', grantOf('ada', 'edit', { expiresAtMs: Date.now() + 60_000 }))
  const visit = async (word: string, mode: FakePort['mode']): Promise<void> => {
    port.mode = mode
    const inUrl = await RawClient.open(`${host.url}/sync/doc?token=${word}`)
    const inMessage = await RawClient.open(`${host.url}/sync/doc`, { protocols: ['quire.v1'] })
    inMessage.send(encodeToken(word))
    for (const client of [inUrl, inMessage]) client.send(emptyStep1)
    await until('both know', () => [inUrl, inMessage].every((c) => c.isSynced || c.closed))
    inMessage.send(encodeToken('renewed-word'))
    // Something that is refused, so that its reason is logged too.
    inUrl.send(Uint8Array.of(99))
    await until('both are out', () => inUrl.closed && inMessage.closed)
    const addressed = await RawClient.open(host.url, { isSilent: true })
    const address = encodeHocuspocusAddress('doc')
    const say = (message: Uint8Array): void => addressed.send(Buffer.concat([address, message]))
    say(tokenMessage(word, '4.8.0'))
    say(emptyStep1)
    await until('it knows', () => addressed.closed ?? addressed.frames.length > 0)
    say(tokenMessage('renewed-word', '4.8.0'))
    say(Uint8Array.of(99))
    await until('it is out', () => addressed.closed)
    heard.push(JSON.stringify([inUrl.closed, inMessage.closed, addressed.closed]))
    heard.push(Buffer.concat(addressed.frames).toString('latin1'))
  }
  await visit('granted-word', 'at once')
  await visit('denied-word', 'at once')
  await visit('thrown-word', 'throws')
  await visit('rejected-word', 'rejects')
  await knock(host, '/sync/doc?token=granted-word', { origin: 'https://evil.example' })
  await knock(host, '/sync/..?token=granted-word')
  const everything = JSON.stringify([entries, host.sync.stats(), heard])
  expect(entries.length).toBeGreaterThan(8)
  expect(everything).toContain('[secret]')
  for (const word of words) expect(everything).not.toContain(word)
})
