/** The door, over real sockets: pages of other sites, proxies in front, names that are none. */
import { request as httpRequest } from 'node:http'
import { until } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import type { AccessRequest, Authorize, SyncServerOptions } from '../src/index.ts'
import { grantOf } from './access-world.ts'
import { type Host, RawClient, startHost, storedText } from './harness.ts'
import { emptyStep1, knock } from './knock.ts'

let host: Host
afterEach(() => host.close())

/** Lets in whoever has a cookie, as a server of web pages would. */
const byCookie: Authorize = ({ headers }) =>
  headers.cookie === 'session=1' ? grantOf('cookie') : { denied: 'unauthenticated' }
const cookie = { cookie: 'session=1' }

async function start(options: Partial<SyncServerOptions>): Promise<void> {
  host = await startHost({ authorize: byCookie, ...options })
}

test('[AC12] a page of another site gets 403 before anything is upgraded', async () => {
  await start({})
  const own = host.url.replace('ws:', 'http:')
  const port = new URL(own).port
  for (const origin of [
    'https://evil.example',
    'null',
    `http://127.0.0.1.evil.example:${port}`,
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    `http://localhost:${port}`,
    own.replace('http', 'HTTP'),
    `${own}/`,
    '',
  ]) {
    expect(await knock(host, '/sync/doc', { ...cookie, origin }), origin).toBe(403)
    // Not even with a token: the page may have found one.
    expect(await knock(host, '/sync/doc?token=x', { ...cookie, origin }), origin).toBe(403)
  }
  expect(await knock(host, '/sync/doc', { ...cookie, origin: own })).toBe(101)
  expect(host.sync.stats().counters.originsRefused).toBe(18)
})

test('[AC12] a list opens the server to other pages, and behind a proxy its word about scheme and host counts', async () => {
  await start({
    origins: ['same', 'https://app.example'],
    trustProxy: ['loopback'],
  })
  const open = (headers: Readonly<Record<string, string>>) =>
    knock(host, '/sync/doc', { ...cookie, ...headers })
  const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'quire.example' }
  expect(await open({ origin: 'https://app.example' })).toBe(101)
  expect(await open({ origin: 'https://quire.example' })).toBe(403)
  expect(await open({ origin: 'https://quire.example', ...proxied })).toBe(101)
  expect(await open({ origin: 'http://quire.example', ...proxied })).toBe(403)
})

test('[AC12] a program without a token is let in only when there is no access to decide, or when that is asked for', async () => {
  await start({})
  expect(await knock(host, '/sync/doc', cookie)).toBe(4401)
  await host.close()
  await start({ programs: 'any' })
  expect(await knock(host, '/sync/doc', cookie)).toBe(101)
  await host.close()
  host = await startHost()
  expect(await knock(host, '/sync/doc')).toBe(101)
})

test('[AC13] the access port is told the address that trusted proxies saw, and no other', async () => {
  const asked: AccessRequest[] = []
  const authorize = (request: AccessRequest) => {
    asked.push(request)
    return grantOf('ada')
  }
  const headers = { 'x-forwarded-for': '1.1.1.1, 203.0.113.9' }
  await start({ authorize, programs: 'any', trustProxy: ['127.0.0.1'] })
  await knock(host, '/sync/doc', headers)
  await host.close()
  await start({ authorize, programs: 'any' })
  await knock(host, '/sync/doc', headers)
  expect(asked.map(({ address }) => address)).toEqual(['203.0.113.9', '127.0.0.1'])
  await expect(startHost({ trustProxy: ['proxy.example'] })).rejects.toThrow('"proxy.example"')
})

/** `ws` and `fetch` tidy paths up; this sends them as they are. */
async function knockRaw(path: string): Promise<number> {
  const { port, hostname } = new URL(host.url.replace('ws:', 'http:'))
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  return new Promise((resolve) => {
    const request = httpRequest({ port, hostname, path, headers })
    request.on('response', (response) => resolve(response.statusCode ?? 0))
    request.on('error', () => resolve(0))
    request.on('upgrade', (_response, socket) => {
      // One Step1, masked with zeros.
      socket.write(Uint8Array.of(0x82, 0x84, 0, 0, 0, 0, ...emptyStep1))
      socket.once('data', (data: Buffer) => {
        socket.destroy()
        resolve(data[0] === 0x88 ? data.readUInt16BE(2) : 101)
      })
    })
    request.end()
  })
}

test('[AC14] a name that is none is refused whatever it is written in, and nothing is made of it', async () => {
  host = await startHost()
  for (const path of [
    '/sync/../../etc/passwd',
    '/sync/%2e%2e%2fetc%2fpasswd',
    '/sync/%252e%252e',
    '/sync/..%5c..%5cboot.ini',
    '/sync/..',
    '/sync/.',
    '/sync/%2e',
    '/sync/a%00b',
    '/sync/a%0ab',
    '/sync/a%20b',
    '/sync/a+b',
    '/sync/a/b',
    '/sync//a',
    '/sync/',
    '/sync/%',
    '/sync/%ff',
    '/sync/%C0%AE',
    '/sync/a#b',
    '/sync/a%3Fb',
    // The same letters, composed and decomposed; and turned around.
    '/sync/%C3%A9',
    '/sync/e%CC%81',
    '/sync/%E2%80%AEa',
    `/sync/${'a'.repeat(129)}`,
    `/sync/${'a'.repeat(8_000)}`,
    `/sync/${'%61'.repeat(129)}`,
  ]) {
    expect(await knockRaw(path), path).toBe(4404)
  }
  // Node's own bound on the head of a request.
  expect(await knockRaw(`/sync/${'a'.repeat(64 * 1024)}`)).toBe(431)
  expect(host.sync.stats().rooms).toBe(0)
  expect((await host.store.list({ limit: 10 })).documents).toEqual([])
})

test('[AC14] names that are something elsewhere are only names here, and letters differ by case', async () => {
  host = await startHost()
  const names = [
    '__proto__',
    'constructor',
    'toString',
    'CON',
    'nul',
    'Case',
    'case',
    '-rf',
    'a..b',
  ]
  for (const name of names) {
    const client = await RawClient.join(`${host.url}/sync/${name}`)
    client.text.insert(0, `I am ${name}`)
    await until('it is stored', async () => (await storedText(host.store, name)) === `I am ${name}`)
    await client.close()
  }
  for (const name of names) expect(await storedText(host.store, name)).toBe(`I am ${name}`)
})
