/**
 * Document names. The name is what a client asks for in the URL of its socket; it is compared byte
 * by byte and only ever used as a database parameter or a key of a Map.
 *
 * Grammar: 1 to 128 of `A-Z a-z 0-9 _ - .`, and not only dots. Slashes, spaces, control and
 * non-ASCII characters are refused, so that two names that look the same are the same.
 */
declare const brand: unique symbol
export type DocumentName = string & { readonly [brand]: 'DocumentName' }

export const documentNameCharsMax = 128
const grammar = /^[A-Za-z0-9_.-]{1,128}$/

/** The name, or undefined when `text` breaks the grammar. Never throws. */
export function parseDocumentName(text: string): DocumentName | undefined {
  if (!grammar.test(text) || /^\.+$/.test(text)) return undefined
  return text as DocumentName
}

/** The name in a URL path after `/sync/` or `/`, percent-decoded once; undefined when it is not a name. */
export function documentNameFromPath(path: string): DocumentName | undefined {
  const rest = path.startsWith('/sync/') ? path.slice('/sync/'.length) : path.slice(1)
  try {
    return parseDocumentName(decodeURIComponent(rest))
  } catch {
    return undefined // not valid percent-encoding, so not a name
  }
}
