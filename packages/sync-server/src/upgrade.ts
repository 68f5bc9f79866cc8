/**
 * Upgrade: from an HTTP request to a WebSocket, or to a refusal that the client can read. A browser
 * never sees the HTTP status of a refused upgrade, so a refused client is accepted and closed with a code.
 */
import type { IncomingMessage } from 'node:http'
import { type Limits, quireSubprotocol } from '@quire/protocol'
import { WebSocketServer } from 'ws'
import type { AccessRequest } from './access.ts'

/** A message may come in this many pieces; honest clients send one, proxies split seldom. */
const fragmentsMax = 1_024
/** Reads of the socket that one message may be spread over: 16 MB in packets of 1,400 bytes are 12,000. */
const chunksMax = 32 * 1_024

export function createUpgrader(limits: Limits): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytesMax,
    maxFragments: fragmentsMax,
    maxBufferedChunks: chunksMax,
    // Small frames grow by it, and it costs each socket memory and each frame a thread hop.
    perMessageDeflate: false,
    // Browsers fail a socket whose offered protocols were all ignored.
    handleProtocols: (offered) =>
      offered.has(quireSubprotocol) ? quireSubprotocol : ([...offered][0] ?? false),
  })
}

/** What the rest of the server needs of an upgrade request. */
export interface UpgradeRequest extends Omit<AccessRequest, 'document'> {
  /** Without the query. */
  readonly path: string
}

export function requestOf({ url = '/', headers, socket }: IncomingMessage): UpgradeRequest {
  const [path = '/', query = ''] = url.split('?', 2)
  const token = new URLSearchParams(query).get('token') ?? undefined
  return { path, token, headers, address: socket.remoteAddress ?? '' }
}
