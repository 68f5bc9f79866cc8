/**
 * Access by signed tokens: the host application knows its users, signs for each what they may do
 * (`token-claims.ts` has the form), and this server needs only its key. Over `jose`.
 *
 * 1. The key says which signature counts: a secret HS256, a public key RS256 or ES256, a key set both
 *    of these. What the token says about it is never a reason to take another; unsigned ones never count.
 * 2. A token ends; one without an end is not taken. The grant ends when the token does.
 * 3. A token that is not good is a denial, which says which claim in the log, and never the token. Keys
 *    that cannot be fetched are not: then nothing is decided.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { type Clock, type Log, silentLog, systemClock } from '@quire/base'
import { defaultLimits } from '@quire/protocol'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type FetchImplementation,
  type JSONWebKeySet,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose'
import type { Authorize } from './access.ts'
import { readClaims, roleIn, type TokenRights } from './token-claims.ts'

/** Exactly one of the first four is to be given. */
export interface TokenOptions {
  /** Shared with the host application, for HS256: at least 32 bytes; text counts as its UTF-8. */
  readonly secret?: string | Uint8Array | undefined
  /** A public key in PEM: RSA of at least 2048 bits for RS256, P-256 for ES256. */
  readonly publicKey?: string | undefined
  /** Public keys as a JSON Web Key Set. */
  readonly keySet?: JSONWebKeySet | undefined
  /** Where the key set is: `https:`, or `http:` on this machine. Fetched when needed, kept for ten minutes. */
  readonly keySetUrl?: string | undefined
  /** When given, `iss` has to be equal. */
  readonly issuer?: string | undefined
  /** When given, it has to be in `aud`. */
  readonly audience?: string | undefined
  readonly clock?: Clock | undefined
  readonly fetch?: FetchImplementation | undefined
  readonly log?: Log | undefined
}

export interface TokenHolder extends TokenRights {
  /** In ms since 1970. */
  readonly expiresAtMs: number
  /** As in a `Grant`. */
  readonly recheckMs?: number
}

/** What the token gives, or undefined when it gives nothing. Rejects when the keys cannot be had: nothing is known then. */
export type ReadToken = (token: string | undefined) => Promise<TokenHolder | undefined>

/** Clocks of two servers differ; a token is good for this long before it begins and after it has ended. */
const toleranceMs = 5_000
const secretBytesMin = 32
const rsaBitsMin = 2_048
/** A key that we do not know makes us fetch the set anew, but not more often than this. */
const fetchGapMs = 5_000

/** An access port for the tokens of a host application. Throws a TypeError that says which option is wrong. */
export function tokenAuthorizer(options: TokenOptions): Authorize {
  return authorizeBy(createTokenReader(options))
}

/** The other half of {@link tokenAuthorizer}. */
export function authorizeBy(readToken: ReadToken): Authorize {
  return async ({ token, document }) => {
    const holder = await readToken(token)
    if (!holder) return { denied: 'unauthenticated' }
    const role = roleIn(holder, document)
    if (!role) return { denied: 'forbidden' }
    const { user, expiresAtMs, recheckMs } = holder
    return { user, role, expiresAtMs, ...(recheckMs === undefined ? {} : { recheckMs }) }
  }
}

/** One half of {@link tokenAuthorizer}, for what is not about one document. Throws as it does. */
export function createTokenReader(options: TokenOptions): ReadToken {
  const { issuer, audience, clock = systemClock } = options
  for (const [name, text] of Object.entries({ issuer, audience })) {
    if (text === '') throw new TypeError(`${name} is empty`)
  }
  const log = (options.log ?? silentLog).channel('token')
  const { key, algorithms, isCoolingDown } = keyOf(options)
  // A key that stays says the same until the token ends; a set of keys may lose one.
  const recheck = options.keySetUrl === undefined ? { recheckMs: Number.POSITIVE_INFINITY } : {}
  const rules = {
    algorithms,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    requiredClaims: ['exp', 'sub'],
    clockTolerance: toleranceMs / 1_000,
  }
  /** Reasons are ours and few. */
  const told = new Set<string>()
  return async (token) => {
    if (token === undefined) return undefined
    if (token.length > defaultLimits.tokenBytesMax) return refused('it is too large')
    let claims: Readonly<Record<string, unknown>>
    let endSeconds: number
    try {
      const currentDate = new Date(clock.wallMs())
      const { payload } = await jwtVerify(token, key, { ...rules, currentDate })
      claims = payload
      endSeconds = Number(payload.exp)
    } catch (error) {
      const code = codeOf(error)
      if (!denials.has(code)) throw error
      if (code === unknownKey && isCoolingDown()) {
        throw new Error('the key of the token is not known yet', { cause: error })
      }
      return refused(`${String(code)} ${claimOf(error)}`.trim())
    }
    const rights = readClaims(claims)
    if (typeof rights === 'string') return refused(rights)
    return { ...rights, expiresAtMs: endSeconds * 1_000 + toleranceMs, ...recheck }
  }

  function refused(reason: string): undefined {
    // An operator has to see each reason once; who sends a thousand bad tokens shall not fill the log.
    const level = told.has(reason) ? 'info' : 'warn'
    told.add(reason)
    log[level]('a token was refused', { reason })
  }
}

interface Key {
  readonly key: KeyObject | Uint8Array | JWTVerifyGetKey
  readonly algorithms: string[]
  /** Whether an unknown key may be known in a moment. */
  readonly isCoolingDown: () => boolean
}

const never = (): boolean => false

function keyOf(options: TokenOptions): Key {
  const { secret, publicKey, keySet, keySetUrl } = options
  const given = Object.entries({ secret, publicKey, keySet, keySetUrl }).filter(([, key]) => key)
  if (given.length !== 1) {
    const names = given.map(([name]) => name).join(' and ') || 'none'
    throw new TypeError(`give one of secret, publicKey, keySet and keySetUrl, not ${names}`)
  }
  if (secret !== undefined) {
    const key = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
    if (key.length < secretBytesMin) {
      throw new TypeError(`the secret has fewer than ${secretBytesMin} bytes`)
    }
    return { key, algorithms: ['HS256'], isCoolingDown: never }
  }
  if (publicKey !== undefined) {
    if (publicKey.includes('PRIVATE KEY')) {
      throw new TypeError('the public key is a private one; keep that where tokens are signed')
    }
    const key = parsedKey('the public key', () => createPublicKey(publicKey))
    return { key, algorithms: [algorithmOf('the public key', key)], isCoolingDown: never }
  }
  const algorithms = ['RS256', 'ES256']
  if (keySet !== undefined) {
    checkKeySet(keySet)
    return { key: createLocalJWKSet(keySet), algorithms, isCoolingDown: never }
  }
  const remote = createRemoteJWKSet(keySetAddress(keySetUrl ?? ''), {
    cooldownDuration: fetchGapMs,
    ...(options.fetch ? { [customFetch]: options.fetch } : {}),
  })
  return { key: remote, algorithms, isCoolingDown: () => remote.coolingDown }
}

function checkKeySet(keySet: JSONWebKeySet): void {
  if (!Array.isArray(keySet.keys) || keySet.keys.length === 0) {
    throw new TypeError('the key set has no keys')
  }
  for (const [i, jwk] of keySet.keys.entries()) {
    const what = `key ${i + 1} of the key set`
    if (jwk.kty === 'oct' || jwk.d !== undefined) throw new TypeError(`${what} is not a public key`)
    algorithmOf(
      what,
      parsedKey(what, () => createPublicKey({ key: { ...jwk }, format: 'jwk' })),
    )
  }
}

function parsedKey(what: string, parse: () => KeyObject): KeyObject {
  try {
    return parse()
  } catch (error) {
    throw new TypeError(`${what} cannot be read`, { cause: error })
  }
}

function algorithmOf(what: string, { asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === 'rsa') {
    if ((asymmetricKeyDetails?.modulusLength ?? 0) >= rsaBitsMin) return 'RS256'
    throw new TypeError(`${what} has fewer than ${rsaBitsMin} bits`)
  }
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1')
    return 'ES256'
  throw new TypeError(`${what} is neither RSA nor P-256`)
}

function keySetAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isOwn = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isOwn)) return url
  throw new TypeError('the address of the key set is not an https: address')
}

const unknownKey = 'ERR_JWKS_NO_MATCHING_KEY'
/** The faults that are the token's. Every other one is ours, or the network's. */
const denials: ReadonlySet<unknown> = new Set([
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JWS_INVALID',
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JWT_INVALID',
  'ERR_JWT_EXPIRED',
  'ERR_JWT_CLAIM_VALIDATION_FAILED',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  unknownKey,
])

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** The name of the claim that did not hold. Messages are not for the log: some quote the token. */
function claimOf(error: unknown): string {
  return error instanceof Error && 'claim' in error ? String(error.claim) : ''
}
