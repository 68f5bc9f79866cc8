/**
 * The settings for signed tokens: which of them make sense together, and the keys that some of them
 * only point to. What a token has to be is the sync server's part.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { TokenOptions } from '@quire/sync-server'
import { codeOf, StartError } from './start-error.ts'

export type TokenSettingName =
  | 'token-secret'
  | 'token-key'
  | 'token-jwks'
  | 'token-issuer'
  | 'token-audience'

export interface TokenSettings {
  readonly key:
    | { readonly kind: 'secret'; readonly secret: string }
    | { readonly kind: 'keyFile'; readonly path: string }
    | { readonly kind: 'keySetFile'; readonly path: string }
    | { readonly kind: 'keySetUrl'; readonly url: string }
  readonly issuer: string | undefined
  readonly audience: string | undefined
}

/** Undefined when none is set; a sentence when they make no sense. */
export function tokenSettings(
  text: (name: TokenSettingName) => string,
  workingFolder: string,
): TokenSettings | string | undefined {
  const [secret, keyPath, keySet] = [text('token-secret'), text('token-key'), text('token-jwks')]
  const issuer = text('token-issuer') || undefined
  const audience = text('token-audience') || undefined
  const keyCount = [secret, keyPath, keySet].filter(Boolean).length
  const oneOf = 'set one of QUIRE_TOKEN_SECRET, QUIRE_TOKEN_KEY and QUIRE_TOKEN_JWKS'
  if (keyCount > 1) return `${oneOf}, not ${keyCount} of them`
  if (keyCount === 0) {
    if (issuer === undefined && audience === undefined) return undefined
    return `${oneOf}: without a key the server is open, whatever issuer or audience is set`
  }
  const rest = { issuer, audience }
  if (secret) return { key: { kind: 'secret', secret }, ...rest }
  if (keyPath) return { key: { kind: 'keyFile', path: resolve(workingFolder, keyPath) }, ...rest }
  if (/^https?:/.test(keySet)) return { key: { kind: 'keySetUrl', url: keySet }, ...rest }
  return { key: { kind: 'keySetFile', path: resolve(workingFolder, keySet) }, ...rest }
}

/** Reads the key that the settings point to. Fails with {@link StartError} when the file cannot be read. */
export async function tokenOptions({
  key,
  issuer,
  audience,
}: TokenSettings): Promise<TokenOptions> {
  const rest = { issuer, audience }
  switch (key.kind) {
    case 'secret':
      return { secret: key.secret, ...rest }
    case 'keyFile':
      return { publicKey: await keyText(key.path), ...rest }
    case 'keySetUrl':
      return { keySetUrl: key.url, ...rest }
    case 'keySetFile':
      return { keySet: keySetOf(key.path, await keyText(key.path)), ...rest }
  }
}

async function keyText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new StartError(`the key file ${path} cannot be read: ${codeOf(error)}`, { cause: error })
  }
}

function keySetOf(path: string, text: string): NonNullable<TokenOptions['keySet']> {
  try {
    return JSON.parse(text) as NonNullable<TokenOptions['keySet']>
  } catch (error) {
    throw new StartError(`the key set ${path} is not JSON`, { cause: error })
  }
}
