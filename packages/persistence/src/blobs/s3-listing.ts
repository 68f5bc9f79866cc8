/**
 * Reads the answer to ListObjectsV2. Not an XML parser: the service is the operator's own, and of its
 * answer only four elements matter, none of which has children or attributes.
 */
import { StoreError } from '../store.ts'

export interface Listing {
  readonly entries: readonly {
    readonly key: string
    readonly bytes: number
    readonly storedMs: number
  }[]
  /** The token of the next page. */
  readonly next: string | undefined
}

/** Throws `io` for a text that is not such an answer. */
export function parseListing(xml: string): Listing {
  if (!xml.includes('<ListBucketResult')) throw strange()
  const entries = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, part = '']) => {
    const entry = {
      key: textOf(part, 'Key') ?? '',
      bytes: Number(textOf(part, 'Size')),
      storedMs: Date.parse(textOf(part, 'LastModified') ?? ''),
    }
    if (Number.isNaN(entry.bytes) || Number.isNaN(entry.storedMs)) throw strange()
    return entry
  })
  const isMore = textOf(xml, 'IsTruncated') === 'true'
  const next = isMore ? textOf(xml, 'NextContinuationToken') : undefined
  // Without a token the walk would begin anew, for ever.
  if (isMore && next === undefined) throw strange()
  return { entries, next }
}

function textOf(xml: string, element: string): string | undefined {
  const text = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1]
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => characters[name] ?? '')
}

const characters: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
}

const strange = (): StoreError =>
  new StoreError('io', 'the blob service answers a list with something else')
