import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createLog, type LogEntry } from '@quire/base'
import { createManualClock } from '@quire/testkit'
import { exportJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { named } from '../../test/harness.ts'
import type { AccessAnswer, Authorize } from './access.ts'
import { createTokenReader, tokenAuthorizer, type TokenOptions } from './access-tokens.ts'
import { readClaims } from './token-claims.ts'

const secret = 'a secret of more than thirty-two bytes'
const otherSecret = 'another secret, also of more than thirty-two bytes'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const clock = createManualClock()
const nowS = (): number => clock.wallMs() / 1_000
const unauthenticated = { denied: 'unauthenticated' }
const forbidden = { denied: 'forbidden' }

type Claims = Readonly<Record<string, unknown>>
const good = (): Claims => ({
  sub: 'u-17',
  name: 'Ada',
  documents: { doc: 'edit' },
  exp: nowS() + 600,
})

const sign = (
  claims: Claims,
  { alg = 'HS256', key = bytes(secret), kid }: Signing = {},
): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg, ...(kid ? { kid } : {}) }).sign(key)
interface Signing {
  readonly alg?: string
  readonly key?: Uint8Array | KeyObject
  readonly kid?: string
}

const ask = async (
  authorize: Authorize,
  token: string | undefined,
  document = 'doc',
): Promise<AccessAnswer> =>
  authorize({ document: named(document), token, headers: {}, address: '' })

const bySecret = (options: TokenOptions = {}): Authorize =>
  tokenAuthorizer({ secret, clock, ...options })

test('[TK1] a token grants each document that it names the role it says, until it ends', async () => {
  const authorize = bySecret()
  const token = await sign({
    ...good(),
    color: '#2f7bd9',
    documents: { doc: 'edit', read: 'view', constructor: 'own' },
  })
  const rest = {
    user: { id: 'u-17', name: 'Ada', color: '#2f7bd9' },
    expiresAtMs: (nowS() + 605) * 1_000,
    recheckMs: Number.POSITIVE_INFINITY,
  }
  expect(await ask(authorize, token)).toEqual({ role: 'edit', ...rest })
  expect(await ask(authorize, token, 'read')).toEqual({ role: 'view', ...rest })
  expect(await ask(authorize, token, 'constructor')).toEqual({ role: 'own', ...rest })
  for (const document of ['other', '__proto__', 'toString', 'DOC', 'Read']) {
    expect(await ask(authorize, token, document), document).toEqual(forbidden)
  }
})

test('[TK1] an asterisk stands for every document that is not named', async () => {
  const authorize = bySecret()
  const token = await sign({ ...good(), documents: { '*': 'comment', doc: 'view' } })
  expect(await ask(authorize, token)).toMatchObject({ role: 'view' })
  expect(await ask(authorize, token, 'other')).toMatchObject({ role: 'comment' })
})

test.each<[string, Claims, AccessAnswer | 'granted']>([
  ['good', {}, 'granted'],
  ['without a name', { name: undefined }, 'granted'],
  ['expired', { exp: nowS() - 5 }, unauthenticated as AccessAnswer],
  ['expired within the tolerance', { exp: nowS() - 4 }, 'granted'],
  ['without an end', { exp: undefined }, unauthenticated as AccessAnswer],
  ['with an end that is no number', { exp: '2999-01-01' }, unauthenticated as AccessAnswer],
  ['not begun', { nbf: nowS() + 6 }, unauthenticated as AccessAnswer],
  ['not begun within the tolerance', { nbf: nowS() + 5 }, 'granted'],
  ['without a subject', { sub: undefined }, unauthenticated as AccessAnswer],
  ['with an empty subject', { sub: '' }, unauthenticated as AccessAnswer],
  ['with a subject that is a number', { sub: 17 }, unauthenticated as AccessAnswer],
  ['with a subject that ends a text', { sub: 'a\0b' }, unauthenticated as AccessAnswer],
  ['with a subject that is no text', { sub: '\ud800' }, unauthenticated as AccessAnswer],
  ['with a subject of 129 characters', { sub: 'x'.repeat(129) }, unauthenticated as AccessAnswer],
  ['without documents', { documents: undefined }, unauthenticated as AccessAnswer],
  ['with a list of documents', { documents: ['doc'] }, unauthenticated as AccessAnswer],
  ['with no document', { documents: {} }, forbidden as AccessAnswer],
  [
    'with a role that there is not',
    { documents: { doc: 'admin' } },
    unauthenticated as AccessAnswer,
  ],
  ['with a role in capitals', { documents: { doc: 'EDIT' } }, unauthenticated as AccessAnswer],
  [
    'with a role from the prototype',
    { documents: { doc: 'toString' } },
    unauthenticated as AccessAnswer,
  ],
  ['with a name that is none', { documents: { 'a/b': 'edit' } }, unauthenticated as AccessAnswer],
  ['with a colour that is CSS', { color: 'red;x:y' }, unauthenticated as AccessAnswer],
])('[TK2] a token %s', async (_what, claims, expected) => {
  const answer = await ask(bySecret(), await sign({ ...good(), ...claims }))
  if (expected === 'granted') expect(answer).toMatchObject({ role: 'edit' })
  else expect(answer).toEqual(expected)
})

test('[TK2] issuer and audience have to be those that were asked for', async () => {
  const authorize = bySecret({ issuer: 'https://host.example', audience: 'quire' })
  const both = { iss: 'https://host.example', aud: 'quire' }
  const granted = async (claims: Claims): Promise<boolean> =>
    'role' in (await ask(authorize, await sign({ ...good(), ...claims })))
  expect(await granted(both)).toBe(true)
  expect(await granted({ ...both, aud: ['other', 'quire'] })).toBe(true)
  for (const claims of [
    { ...both, aud: 'other' },
    { ...both, aud: ['other'] },
    { ...both, iss: 'https://host.example.evil' },
    { aud: 'quire' },
    { iss: 'https://host.example' },
    {},
  ]) {
    expect(await granted(claims), JSON.stringify(claims)).toBe(false)
  }
})

/** A token made by hand, whatever a library would say to it. */
function forged(header: object, claims: Claims, signature = ''): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(claims)}.${signature}`
}

test('[TK3] unsigned, wrongly signed and mangled tokens are worth nothing', async () => {
  const authorize = bySecret()
  const token = await sign(good())
  const [head = '', body = '', signature = ''] = token.split('.')
  const more = forged({ alg: 'HS256' }, { ...good(), documents: { '*': 'own' } }).split('.')[1]
  for (const [what, bad] of [
    ['none', undefined],
    ['empty', ''],
    ['text', 'hello'],
    ['another secret', await sign(good(), { key: bytes(otherSecret) })],
    [
      'another algorithm of the secret',
      await sign(good(), { alg: 'HS512', key: bytes(`${secret}${otherSecret}`) }),
    ],
    ['alg none', new UnsecuredJWT({ ...good() }).encode()],
    ['alg none with a signature', forged({ alg: 'none' }, good(), signature)],
    ['alg None', forged({ alg: 'None' }, good())],
    ['no alg', forged({}, good(), signature)],
    ['a signature that is missing', `${head}.${body}.`],
    ['claims that were changed', `${head}.${more}.${signature}`],
    [
      'a key in its own header',
      forged({ alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } }, good(), signature),
    ],
    [
      'an extension that must be understood',
      forged({ alg: 'HS256', crit: ['x'], x: 1 }, good(), signature),
    ],
    ['four parts', `${token}.x`],
    ['an encrypted one', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA'],
    ['one that is too large', await sign({ ...good(), x: 'x'.repeat(16_384) })],
  ] as const) {
    expect(await ask(authorize, bad), what).toEqual(unauthenticated)
  }
  expect(await ask(authorize, token)).toMatchObject({ role: 'edit' })
})

test('[TK3] a public key is not taken for a secret, nor one kind of key for another', async () => {
  const byRsa = tokenAuthorizer({ publicKey: pem(rsa.publicKey), clock })
  const byEc = tokenAuthorizer({ publicKey: pem(ec.publicKey), clock })
  const signed = {
    rsa: await sign(good(), { alg: 'RS256', key: rsa.privateKey }),
    pss: await sign(good(), { alg: 'PS256', key: rsa.privateKey }),
    ec: await sign(good(), { alg: 'ES256', key: ec.privateKey }),
    pemAsSecret: await sign(good(), { key: bytes(pem(rsa.publicKey)) }),
    derAsSecret: await sign(good(), {
      key: Uint8Array.from(rsa.publicKey.export({ type: 'spki', format: 'der' })),
    }),
    none: new UnsecuredJWT({ ...good() }).encode(),
  }
  for (const [what, token] of Object.entries(signed)) {
    const isGranted = async (authorize: Authorize): Promise<boolean> =>
      'role' in (await ask(authorize, token))
    expect(await isGranted(byRsa), `RSA key, ${what}`).toBe(what === 'rsa')
    expect(await isGranted(byEc), `EC key, ${what}`).toBe(what === 'ec')
    expect(await isGranted(bySecret()), `secret, ${what}`).toBe(false)
  }
})

async function keySet(): Promise<{ keys: JWK[] }> {
  return {
    keys: [
      { ...(await exportJWK(rsa.publicKey)), kid: 'r', alg: 'RS256', use: 'sig' },
      { ...(await exportJWK(ec.publicKey)), kid: 'e', alg: 'ES256', use: 'sig' },
    ],
  }
}

test('[TK3] a key set takes what its own keys signed, by the name of the key', async () => {
  const authorize = tokenAuthorizer({ keySet: await keySet(), clock })
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  for (const [signing, isGood] of [
    [{ alg: 'RS256', key: rsa.privateKey, kid: 'r' }, true],
    [{ alg: 'ES256', key: ec.privateKey, kid: 'e' }, true],
    [{ alg: 'ES256', key: ec.privateKey }, true],
    [{ alg: 'ES256', key: ec.privateKey, kid: 'r' }, false],
    [{ alg: 'ES256', key: stranger.privateKey, kid: 'e' }, false],
    [{ alg: 'ES256', key: ec.privateKey, kid: 'x' }, false],
    [{ alg: 'HS256', key: bytes(pem(rsa.publicKey)), kid: 'r' }, false],
  ] as const) {
    const answer = await ask(authorize, await sign(good(), signing))
    expect('role' in answer, `${signing.alg} ${'kid' in signing ? signing.kid : ''}`).toBe(isGood)
  }
})

test('[TK4] a key set is fetched when it is needed, and a new key is found', async () => {
  const set = await keySet()
  const served = { keys: set.keys.slice(0, 1) }
  const fetched: string[] = []
  let status = 200
  const authorize = tokenAuthorizer({
    keySetUrl: 'https://host.example/keys',
    clock,
    fetch: async (url) => {
      fetched.push(url)
      return new Response(JSON.stringify(served), { status })
    },
  })
  expect(fetched).toEqual([])
  const byRsa = await sign(good(), { alg: 'RS256', key: rsa.privateKey, kid: 'r' })
  const byEc = await sign(good(), { alg: 'ES256', key: ec.privateKey, kid: 'e' })
  expect(await ask(authorize, byRsa)).toMatchObject({ role: 'edit' })
  expect(await ask(authorize, byRsa)).toEqual({
    user: { id: 'u-17', name: 'Ada' },
    role: 'edit',
    expiresAtMs: expect.any(Number),
  })
  expect(fetched).toEqual(['https://host.example/keys'])
  // Fetched a moment ago: a key that is missing may be there in the next, so nothing is decided.
  await expect(ask(authorize, byEc)).rejects.toThrow('not known yet')
  expect(fetched.length).toBe(1)
  served.keys = set.keys
  status = 500
  const another = tokenAuthorizer({
    keySetUrl: 'https://host.example/keys',
    clock,
    fetch: async () => new Response(JSON.stringify(served), { status }),
  })
  // Without keys nobody knows: that is not a denial, and it is asked again.
  await expect(ask(another, byEc)).rejects.toThrow('Expected 200 OK')
  status = 200
  expect(await ask(another, byEc)).toMatchObject({ role: 'edit' })
})

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
test.each<[string, TokenOptions, string]>([
  ['nothing', {}, 'give one of secret, publicKey, keySet and keySetUrl, not none'],
  ['an empty secret', { secret: '' }, 'not none'],
  ['two keys', { secret, publicKey: pem(rsa.publicKey) }, 'not secret and publicKey'],
  ['a short secret', { secret: 'x'.repeat(31) }, 'the secret has fewer than 32 bytes'],
  ['short bytes', { secret: new Uint8Array(31) }, 'the secret has fewer than 32 bytes'],
  ['text for a key', { publicKey: 'hello' }, 'the public key cannot be read'],
  [
    'a private key',
    { publicKey: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
    'is a private one',
  ],
  ['a weak RSA key', { publicKey: pem(weak.publicKey) }, 'fewer than 2048 bits'],
  ['another curve', { publicKey: pem(p384.publicKey) }, 'neither RSA nor P-256'],
  ['an empty set', { keySet: { keys: [] } }, 'the key set has no keys'],
  ['a set that is none', { keySet: {} as never }, 'the key set has no keys'],
  [
    'a set with a secret',
    { keySet: { keys: [{ kty: 'oct', k: 'AAAA' }] } },
    'key 1 of the key set is not a public key',
  ],
  [
    'a set with a private key',
    { keySet: { keys: [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', d: 'AAAA' }] } },
    'is not a public key',
  ],
  [
    'a set with a broken key',
    { keySet: { keys: [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }] } },
    'key 1 of the key set cannot be read',
  ],
  ['plain HTTP', { keySetUrl: 'http://host.example/keys' }, 'is not an https: address'],
  ['a path', { keySetUrl: '/keys' }, 'is not an https: address'],
  ['an empty audience', { secret, audience: '' }, 'audience is empty'],
  ['an empty issuer', { secret, issuer: '' }, 'issuer is empty'],
])('[TK5] %s is an error at the start that says what is wrong', (_what, options, message) => {
  expect(() => createTokenReader(options)).toThrow(TypeError)
  expect(() => tokenAuthorizer(options)).toThrow(message)
})

test('[TK2] the log says which claim was wrong, and nothing of the token', async () => {
  const entries: LogEntry[] = []
  const log = createLog((entry) => entries.push(entry))
  const authorize = bySecret({ log, audience: 'quire' })
  const secretWord = 'confidential'
  for (const claims of [
    { aud: secretWord },
    { aud: 'quire', sub: 7, name: secretWord },
    { aud: 'quire', documents: { [secretWord]: secretWord } },
    { aud: 'quire', exp: 1 },
  ]) {
    const token = await sign({ ...good(), ...claims })
    await ask(authorize, token)
    expect(JSON.stringify(entries)).not.toContain(token)
  }
  await ask(authorize, forged({ alg: secretWord, crit: [secretWord], [secretWord]: 1 }, {}, 'AAAA'))
  expect(JSON.stringify(entries)).not.toContain(secretWord)
  expect(new Set(entries.map(({ level }) => level))).toEqual(new Set(['warn']))
  await ask(authorize, await sign({ ...good(), aud: secretWord }))
  expect(entries.pop()).toMatchObject({ level: 'info' })
  expect(entries.map(({ fields }) => fields['reason'])).toEqual([
    'ERR_JWT_CLAIM_VALIDATION_FAILED aud',
    'sub is not a text of 1 to 128 characters',
    'documents has a role that there is not',
    'ERR_JWT_EXPIRED exp',
    'ERR_JOSE_NOT_SUPPORTED',
  ])
})

test('[TK1] a name is one line of a bearable length', () => {
  const rights = readClaims({ sub: 'u', name: ` a\n\u2028b${'🦊'.repeat(200)}`, documents: {} })
  if (typeof rights === 'string') throw new Error(rights)
  // A hundred units: the last fox has no room for its second half.
  expect(rights.user.name).toBe(`a b${'🦊'.repeat(48)}`)
})
