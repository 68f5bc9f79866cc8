/** What of the options can be wrong before anything is done: found when the provider is made, and thrown as a TypeError. */
import { parseSchemaHash } from '@quire/protocol'
import type { ProviderOptions } from './provider.ts'

export interface CheckedOptions {
  /** Without a slash at its end. */
  readonly url: string
  readonly dialect: 'quire' | 'stock'
  readonly schema: string | undefined
}

export function checkedOptions({ url, dialect, token, schema }: ProviderOptions): CheckedOptions {
  const { protocol } = new URL(url)
  if (!['ws:', 'wss:'].includes(protocol)) {
    throw new TypeError(`a sync server has a ws: or wss: address, not ${url}`)
  }
  if (dialect === 'stock' && token !== undefined) {
    throw new TypeError('a stock server has no message for a token')
  }
  if (schema !== undefined && parseSchemaHash(schema) === undefined) {
    throw new TypeError('a schema is told by its hash')
  }
  return { url: url.replace(/\/+$/, ''), dialect: dialect ?? 'quire', schema }
}
