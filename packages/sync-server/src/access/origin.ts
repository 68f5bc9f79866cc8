/**
 * Origin: which web pages may talk to this server. A browser lets every page open a socket to every
 * server, with the cookies of the user; only the `Origin` header, which no page can forge, says whose
 * page it is. Is not authentication: programs send what they like.
 *
 * 1. Closed by default: pages of the server's own address and of listed ones, nothing else.
 * 2. Compared whole: scheme, host and port. What a browser would not send (upper case, a path, the
 *    default port written out) is not ours either.
 */

import type { IncomingMessage } from 'node:http'
import type { Proxies } from './real-address.ts'

/** `same`: the address by which the server was asked. A list has origins as browsers write them, `https://app.example`, and may have `same`. */
export type Origins = 'same' | 'any' | readonly string[]

/** What is known about a request that has an `Origin`, or none. */
export interface OriginRequest {
  readonly origin: string | undefined
  /** The `Host` header. */
  readonly host: string | undefined
  /** How the browser reached us, when that is known: the socket is encrypted, or a trusted proxy says so. */
  readonly scheme: 'http' | 'https' | undefined
}

/** What a request says about where it comes from; what proxies say in it counts when they are trusted. */
export function originOf({ headers, socket }: IncomingMessage, proxies: Proxies): OriginRequest {
  const isForwarded = proxies.isTrusted(socket.remoteAddress ?? '')
  const said = (name: string): string | undefined =>
    isForwarded ? first(headers[name]) : undefined
  const scheme = said('x-forwarded-proto')
  const isEncrypted = 'encrypted' in socket && socket.encrypted === true
  return {
    origin: headers.origin,
    host: said('x-forwarded-host') ?? headers.host,
    // Undefined while somebody in front, whom we do not know, may have ended TLS.
    scheme: isEncrypted ? 'https' : scheme === 'https' || scheme === 'http' ? scheme : undefined,
  }
}

/** What the proxy that the client spoke to has said; those behind it add theirs on the right. */
function first(header: string | readonly string[] | undefined): string | undefined {
  return [header ?? []].flat()[0]?.split(',', 1)[0]?.trim()
}

/** Throws a TypeError that names the entry which is no origin. */
export function checkOrigins(origins: Origins): void {
  if (typeof origins === 'string') return
  for (const origin of origins) {
    if (origin === 'same') continue
    // A name may have an asterisk; whoever writes one here means a pattern, and there are none.
    if (serialised(origin) === undefined || origin.includes('*')) {
      throw new TypeError(
        `${JSON.stringify(origin)} is not an origin; write scheme, host and port as browsers do: https://app.example`,
      )
    }
  }
}

/** Whether the page may talk to us. True without an `Origin`: that is no page. */
export function isOriginAllowed(request: OriginRequest, origins: Origins): boolean {
  const { origin } = request
  if (origin === undefined || origins === 'any') return true
  const url = serialised(origin)
  if (url === undefined) return false
  if (origins !== 'same' && origins.includes(origin)) return true
  return (origins === 'same' || origins.includes('same')) && isOwn(url, request)
}

/** The URL of an origin that is written exactly as a browser writes it; `null` is none. */
function serialised(origin: string): URL | undefined {
  try {
    const url = new URL(origin)
    const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
    return isWeb && url.origin === origin ? url : undefined
  } catch {
    return undefined // not a URL, so no page of anybody
  }
}

function isOwn({ protocol, host: page }: URL, { host, scheme }: OriginRequest): boolean {
  if (host === undefined || (scheme !== undefined && protocol !== `${scheme}:`)) return false
  try {
    // Takes the default port of the page's scheme away, as the browser did with the page's.
    const own = new URL(`${protocol}//${host}`)
    return own.host === page && own.pathname === '/' && own.username === '' && own.search === ''
  } catch {
    return false // a Host header that is no host
  }
}
