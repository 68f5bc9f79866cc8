/**
 * What the address of the page says: `?seed=` a round of the fuzz to replay, else `?people=`,
 * `?blocks=` and `?from=` a live document. Read without trust, bounded.
 */

export type Address =
  | { readonly kind: 'replay'; readonly seed: number; readonly step: number }
  | { readonly kind: 'live'; readonly peopleCount: number; readonly content: ContentName }

/** What the document holds at first: a letter with one of everything, or that many paragraphs. */
export type ContentName =
  | { readonly kind: 'letter' }
  | { readonly kind: 'long'; readonly blockCount: number }

export const peopleCountMax = 12
const blockCountMax = 20_000
const seedMax = 2 ** 32 - 1

export function readAddress(search: string): Address {
  const parameters = new URLSearchParams(search)
  const whole = (name: string, least: number, most: number): number | null => {
    const text = parameters.get(name)
    if (text === null || !/^\d+$/.test(text)) return null
    return Math.min(most, Math.max(least, Number(text)))
  }
  const seed = whole('seed', 0, seedMax)
  if (seed !== null) {
    return { kind: 'replay', seed, step: whole('step', 0, Number.MAX_SAFE_INTEGER) ?? 0 }
  }
  const blockCount = whole('blocks', 1, blockCountMax)
  return {
    kind: 'live',
    peopleCount: whole('people', 1, peopleCountMax) ?? 3,
    content: blockCount === null ? { kind: 'letter' } : { kind: 'long', blockCount },
  }
}
