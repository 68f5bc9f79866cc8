/**
 * Upgrade: from an HTTP request to a WebSocket, or to a refusal that the client can read. A browser
 * never sees the HTTP status of a refused upgrade, so a refused client is accepted and closed with a
 * code; the page of another site (`origin.ts`) is not a client, and gets 403.
 */
import type { IncomingMessage } from 'node:http'
import { type Limits, parseSchemaHash, quireSubprotocol, schemaParameter } from '@quire/protocol'
import { WebSocketServer } from 'ws'
import { type AccessRequest, bearerOf } from '../access/access.ts'
import { type LineageOf, lineagesIn } from './lineage.ts'
import { type OriginRequest, originOf } from '../access/origin.ts'
import { type Proxies, realAddress } from '../access/real-address.ts'

/** A message may come in this many pieces; honest clients send one, proxies split seldom. */
const fragmentsMax = 1_024
/** Reads of the socket that one message may be spread over: 16 MB in packets of 1,400 bytes are 12,000. */
const chunksMax = 32 * 1_024
/** A peer that was told goodbye has this long in ms to say it too: a slow phone needs some seconds. (The types do not know the option yet.) */
const farewell = { closeTimeout: 10_000 }

export function createUpgrader(limits: Limits): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytesMax,
    maxFragments: fragmentsMax,
    maxBufferedChunks: chunksMax,
    ...farewell,
    // Answered by the connection, which counts them.
    autoPong: false,
    // Small frames grow by it, and it costs each socket memory and each frame a thread hop.
    perMessageDeflate: false,
    // Browsers fail a socket whose offered protocols were all ignored.
    handleProtocols: (offered) =>
      offered.has(quireSubprotocol) ? quireSubprotocol : ([...offered][0] ?? false),
  })
}

/** What the rest of the server needs of an upgrade request. */
export interface UpgradeRequest extends OriginRequest {
  /** Without the query. */
  readonly path: string
  readonly request: Omit<AccessRequest, 'document'>
  readonly lineageOf: LineageOf
  /** What the client says of its schema. */
  readonly schema: string | undefined
}

/** Reads an upgrade request; what proxies say in it counts when they are trusted. */
export function requestOf(message: IncomingMessage, proxies: Proxies): UpgradeRequest {
  const { url = '/', headers, socket } = message
  const query = url.indexOf('?')
  const path = query < 0 ? url : url.slice(0, query)
  const asked = query < 0 ? undefined : new URLSearchParams(url.slice(query))
  const inQuery = asked?.get('token')
  const forwarded = headers['x-forwarded-for']
  return {
    ...originOf(message, proxies),
    path,
    lineageOf: lineagesIn(url),
    schema: parseSchemaHash(asked?.get(schemaParameter)),
    request: {
      token: inQuery || bearerOf(headers.authorization),
      headers,
      address: realAddress(socket.remoteAddress, [forwarded ?? []].flat().join(), proxies),
    },
  }
}
