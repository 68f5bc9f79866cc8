/**
 * What a client says of its schema: a hash, as `schemaHash` of `@quire/document` makes one, in the query
 * of the URL. It is compared and passed on, never interpreted; it is no right and no secret.
 */
import { schemaHashCharsMax } from './limits.ts'

/** The name in the query: `/sync/<document>?schema=<hash>`. */
export const schemaParameter = 'schema'

/** The hash, or undefined for what is none. Never throws. */
export function parseSchemaHash(value: unknown): string | undefined {
  const isHash =
    typeof value === 'string' && value.length <= schemaHashCharsMax && /^[\w-]+$/.test(value)
  return isHash ? value : undefined
}
