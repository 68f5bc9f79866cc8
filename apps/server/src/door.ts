/**
 * The door: which requests are turned away by what they say of where they come from and whom they ask
 * for, before anything looks at them. Is not about who somebody is (`access.ts`).
 *
 * 1. A page of another site changes nothing here. What it may read, browsers decide.
 * 2. A name that somebody else has pointed at this machine is not ours: a page under it would count as
 *    one of ours (DNS rebinding). Names are known, or the server does not answer to them. An address
 *    cannot be pointed elsewhere, and needs not be known.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import {
  checkOrigins,
  createProxies,
  isOriginAllowed,
  originOf,
  type OriginRequest,
} from '@quire/sync-server'

export interface DoorOptions {
  /** Where the server listens. */
  readonly host: string
  /** Origins of other pages that may use the server. */
  readonly origins: readonly string[]
  /** Names by which the server may be asked. Empty: any, unless it listens on this machine only. */
  readonly names: readonly string[]
  /** Addresses and networks of proxies in front. */
  readonly proxies: readonly string[]
}

export type Refusal = 'other-site' | 'other-name'

export interface Door {
  /** Of an HTTP request. Undefined: none. */
  refusal(request: IncomingMessage): Refusal | undefined
  /** Of an upgrade; where its page is from, the sync server judges. */
  upgradeRefusal(request: IncomingMessage): Refusal | undefined
}

/** Throws a TypeError that names an origin or a proxy that is none. */
export function createDoor({ host, origins, names, proxies }: DoorOptions): Door {
  checkOrigins(origins)
  const trusted = createProxies(proxies)
  const pages = ['same', ...origins]
  const known =
    names.length > 0 || isLoopback(host)
      ? new Set(['localhost', host, ...names, ...origins.map(hostnameOf)].map(plainName))
      : undefined
  const isAsked = ({ host: asked }: OriginRequest): boolean => {
    // Without a Host header it is an old program, and no page.
    if (known === undefined || asked === undefined) return true
    const name = plainName(nameIn(asked))
    return isIP(name) !== 0 || known.has(name)
  }
  return {
    upgradeRefusal: (request) => (isAsked(originOf(request, trusted)) ? undefined : 'other-name'),
    refusal(request) {
      const asked = originOf(request, trusted)
      if (!isAsked(asked)) return 'other-name'
      const isReading = request.method === 'GET' || request.method === 'HEAD'
      return isReading || isOriginAllowed(asked, pages) ? undefined : 'other-site'
    },
  }
}

const answers: Readonly<Record<Refusal, readonly [status: number, code: string, message: string]>> =
  {
    'other-site': [403, 'forbidden', 'Only pages of this server may change something here.'],
    'other-name': [
      421,
      'wrong-name',
      'This server does not answer to that name. Whoever runs it can add it with --names.',
    ],
  }

/** Answers a request that was refused, in the form of `problem.ts`. */
export function turnAway(refusal: Refusal, response: ServerResponse): void {
  const [status, code, message] = answers[refusal]
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // What it may still want to send is not read.
    connection: 'close',
  })
  response.end(JSON.stringify({ error: { code, message } }))
}

/** Whether only this machine reaches a server that listens there. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** The name in a `Host` header, without its port; the brackets of an IPv6 address are not part of it. */
function nameIn(header: string): string {
  return /^\[([^\]]*)\](?::[0-9]*)?$/.exec(header)?.[1] ?? header.replace(/:[0-9]*$/, '')
}

function hostnameOf(origin: string): string {
  return nameIn(new URL(origin).host)
}

function plainName(name: string): string {
  return name.toLowerCase()
}
