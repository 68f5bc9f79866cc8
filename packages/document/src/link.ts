/** Which links a document may hold. Everything that makes, parses or shows a link asks here. */

const safeSchemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:'])
// Browsers drop these inside a scheme, so "java\nscript:" would run.
// oxlint-disable-next-line no-control-regex
const ignored = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff]/g

/** Longest link that is kept. */
export const hrefCharsMax = 2_000

/**
 * The link as it is stored, or undefined when it may not be: another scheme than http, https, mailto
 * and tel, or too long. Relative links, queries and fragments are allowed. Never throws.
 */
export function safeHref(href: unknown): string | undefined {
  if (typeof href !== 'string') return undefined
  const text = href.trim()
  if (text === '' || text.length > hrefCharsMax) return undefined
  const scheme = /^([^/?#]*?):/.exec(text.replace(ignored, ''))?.[1]
  if (scheme === undefined) return text
  return safeSchemes.has(`${scheme.toLowerCase()}:`) ? text : undefined
}

/** The address of an image as it is stored: http, https or relative. Undefined when it may not be shown. Never throws. */
export function safeImageSource(src: unknown): string | undefined {
  if (typeof src !== 'string') return undefined
  const text = src.trim()
  if (text === '' || text.length > hrefCharsMax) return undefined
  const scheme = /^([^/?#]*?):/.exec(text.replace(ignored, ''))?.[1]?.toLowerCase()
  return scheme === undefined || scheme === 'http' || scheme === 'https' ? text : undefined
}
