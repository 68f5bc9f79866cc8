/**
 * Whose address it is: what is counted together as one peer. Knows no proxies; the address is already
 * that of the peer.
 *
 * 1. An IPv4 address is one peer, also in the form that IPv6 sockets show it in.
 * 2. IPv6 is counted by its first 64 bits: whoever has one such address has all of that network.
 * 3. This machine is nobody: what connects from it is the operator's own program, or a proxy that hides
 *    everybody, and bounds on "everybody" would let one peer lock out the others.
 */
import { isIPv4, isIPv6 } from 'node:net'

const mappedPrefix = '::ffff:'
const groupsOfNetwork = 4

/** A key for the peer at `address`; undefined for this machine and for what is no address. */
export function networkOf(address: string): string | undefined {
  const lower = address.toLowerCase()
  const v4 = lower.startsWith(mappedPrefix) ? lower.slice(mappedPrefix.length) : lower
  if (isIPv4(v4)) return v4.startsWith('127.') ? undefined : v4
  // A zone (`fe80::1%eth0`) is no part of the address.
  const v6 = lower.split('%', 1)[0] ?? ''
  if (!isIPv6(v6) || v6 === '::1') return undefined
  return `${networkGroups(v6).join(':')}::/64`
}

/** The first four groups, without leading zeros, so that every spelling of a network is the same. */
function networkGroups(v6: string): string[] {
  const [head = '', tail] = v6.split('::', 2)
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  // An IPv4 address at the end stands for two groups.
  const rightCount = right.length + (right.at(-1)?.includes('.') ? 1 : 0)
  const zeros = tail === undefined ? 0 : 8 - left.length - rightCount
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return groups.slice(0, groupsOfNetwork).map((group) => Number.parseInt(group, 16).toString(16))
}
