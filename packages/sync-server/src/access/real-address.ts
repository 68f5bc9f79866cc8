/**
 * Real address: who is at the other end, when configured proxies stand between. What a request says
 * about itself counts only as far as the hop that said it is trusted.
 *
 * 1. Without proxies, or when the peer is none of them, the peer's own address is the answer.
 * 2. `X-Forwarded-For` is walked from the right, past trusted hops; the first address that is not one
 *    of them is the answer. What stands left of it is the word of a stranger.
 */
import { BlockList, isIP } from 'node:net'

export interface Proxies {
  /** Whether a request that comes from this address was passed on by us. */
  isTrusted(address: string): boolean
}

/** Nobody stands between, and nothing is looked up for it. */
const noProxies: Proxies = { isTrusted: () => false }

/** Entries are addresses and networks: `10.0.0.0/8`, `::1`, `loopback` for this machine. Throws a TypeError that names a bad one. */
export function createProxies(entries: readonly string[]): Proxies {
  if (entries.length === 0) return noProxies
  const list = new BlockList()
  const add = (entry: string): void => {
    const [address = '', bits, ...rest] = entry.split('/')
    const version = isIP(address)
    const bitsMax = version === 6 ? 128 : 32
    const isNumber = bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= bitsMax)
    if (version === 0 || !isNumber || rest.length > 0) {
      throw new TypeError(`${JSON.stringify(entry)} is not an address or a network (10.0.0.0/8)`)
    }
    const family = version === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  for (const entry of entries) {
    if (entry === 'loopback') for (const own of ['127.0.0.0/8', '::1']) add(own)
    else add(entry)
  }
  return {
    isTrusted(address) {
      const version = isIP(address)
      return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
    },
  }
}

/** `forwarded`: the `X-Forwarded-For` header, several joined by commas. An IPv4 address in IPv6 clothes loses them. */
export function realAddress(
  peer: string | undefined,
  forwarded: string | undefined,
  proxies: Proxies,
): string {
  let address = plain(peer ?? '')
  let end = forwarded?.length ?? 0
  while (forwarded !== undefined && end >= 0 && proxies.isTrusted(address)) {
    const comma = end === 0 ? -1 : forwarded.lastIndexOf(',', end - 1)
    const hop = addressOf(forwarded.slice(comma + 1, end))
    // A hop that a trusted proxy could not name is not skipped: left of it nobody vouches.
    if (hop === undefined) break
    address = hop
    end = comma
  }
  return address
}

/** The address in one entry, with or without port and brackets; undefined when there is none. */
function addressOf(entry: string): string | undefined {
  const text = entry.trim()
  const bracketed = /^\[([^\]]+)\](?::[0-9]+)?$/.exec(text)?.[1]
  const candidate = bracketed ?? (isIP(text) ? text : text.replace(/:[0-9]+$/, ''))
  return isIP(candidate) ? plain(candidate) : undefined
}

function plain(address: string): string {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1]
  return mapped !== undefined && isIP(mapped) === 4 ? mapped : address
}
