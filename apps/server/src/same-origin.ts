/**
 * Who may talk to this server from a page: only pages that came from it. Browsers send `Origin` with
 * every socket and with every request that changes something; other programs send none and are let in.
 * Not authentication.
 */

/** True without an Origin header, and when its host and port equal the Host header. `null` and garbage are not ours. */
export function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  if (host === undefined) return false
  try {
    return new URL(origin).host === new URL(`http://${host}`).host || isDefaultPort(origin, host)
  } catch {
    return false // not a URL, so no page of ours
  }
}

/** `https://quire.example` behind a proxy that forwards `Host: quire.example:443`. */
function isDefaultPort(origin: string, host: string): boolean {
  const url = new URL(origin)
  const port = url.protocol === 'https:' ? 443 : 80
  return host.toLowerCase() === `${url.hostname}:${port}` && url.port === ''
}
