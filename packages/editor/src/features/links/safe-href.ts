/**
 * Which addresses a link may carry, and what people mean by what they type. Anything that is not
 * clearly a web address, a mail address, a phone number or a place on the same site is refused, so
 * that a link can never run code.
 */
import { safeHref } from '@quire/document'

const safeScheme = /^(https?|mailto|tel):/i
const anyScheme = /^[a-z][a-z0-9+.-]*:/i
const mailAddress = /^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]{2,}$/
const hostName = /^([a-z0-9-]+\.)+[a-z]{2,}([:/?#]|$)/i
const hostWithPort = /^(localhost|([a-z0-9-]+\.)+[a-z]{2,}|\d{1,3}(\.\d{1,3}){3}):\d{1,5}([/?#]|$)/i

/**
 * The address for what somebody typed or pasted, or null when it is none that is safe or that the
 * document would take. `example.org` becomes `https://example.org`, `ana@example.org` becomes `mailto:…`.
 */
export function hrefFrom(typed: string): string | null {
  return safeHref(meant(typed)) ?? null
}

function meant(typed: string): string | null {
  // Control characters and inner white space are how "java\nscript:" gets past a careless check.
  // oxlint-disable-next-line no-control-regex
  const text = typed.trim().replace(/[\u0000-\u001f\u007f]/g, '')
  if (!text || /\s/.test(text)) return null
  if (safeScheme.test(text)) return isWhole(text) ? text : null
  if (hostWithPort.test(text)) return `https://${text}`
  if (anyScheme.test(text)) return null
  if (mailAddress.test(text)) return `mailto:${text}`
  if (/^(\/(?!\/)|#|\?|\.{1,2}\/)/.test(text)) return text
  if (text.startsWith('//')) return isWhole(`https:${text}`) ? `https:${text}` : null
  return hostName.test(text) ? `https://${text}` : null
}

/** Whether `text` alone is an address somebody would expect to become a link when pasted. */
export function isPastedLink(text: string): boolean {
  return /^(https?:\/\/|mailto:|tel:)\S+$/i.test(text.trim()) && hrefFrom(text) !== null
}

function isWhole(href: string): boolean {
  if (!/^https?:/i.test(href)) return href.length > href.indexOf(':') + 1
  try {
    return new URL(href).hostname !== ''
  } catch {
    return false
  }
}
