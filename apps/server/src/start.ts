/**
 * Puts the server together and on a port: data folder, store, sync server, HTTP. The only file that
 * knows all of them. Reads no settings (`config.ts`) and prints nothing (`main.ts`).
 *
 * 1. Nothing listens before the store is open, and the store closes after the last edit is in it.
 * 2. What comes through the port passes the door first.
 */
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { type Log, silentLog, systemClock } from '@quire/base'
import { seedUpdate } from '@quire/document'
import { createSyncServer, type TokenOptions } from '@quire/sync-server'
import { openAccess, tokenAccess } from './access.ts'
import { createApp } from './app.ts'
import { openDataFolder } from './data-folder.ts'
import { createDoor, turnAway } from './door.ts'
import { rehearse } from './rehearsal.ts'
import type { S3BlobsOptions } from '@quire/persistence'
import { codeOf, StartError } from './start-error.ts'
import { staticApp } from './static.ts'
import { createDocumentWorkers } from './workers/document-workers.ts'
import { Upkeep } from './workers/upkeep.ts'

/** How long stopping may take. Below the 10 s after which containers are killed. */
const shutdownMsMax = 8_000
/** A call of the store takes some ms, beginning its thread anew a second on a busy machine; a disk that does not answer within this time does not answer at all. */
const abandonMsMax = 5_000
/** Slow clients get this long for their headers and for a whole request: 10 MB over 1 Mbit/s need 80 s. */
const headersMsMax = 15_000
const requestMsMax = 120_000
/** How often Node looks for requests that take longer. Its own 30 s would triple the time for headers; a look costs microseconds. */
const slowCheckMs = 1_000
/** Request line and headers together. A token in a URL has up to 16 KB (`tokenBytesMax`), and cookies of a host application about as much. */
const headBytesMax = 32 * 1024
/** Browsers behind two proxies send about 40. */
const headersMax = 200
/** Above the 60 s after which common proxies drop an idle connection, so that the proxy ends it and never sends into a closed one. */
const keepAliveMs = 65_000
/** Above Node's 511: when a server comes back, every client of a large team connects in the same second, and a lost SYN costs each a second. */
const listenBacklog = 4096
/** The build of the web app, seen from `src` and from `dist` alike. */
const webFolder = fileURLToPath(new URL('../../web/dist/', import.meta.url))

export interface ServerOptions {
  /** 0: any free port. */
  readonly port: number
  readonly host: string
  /** Folder of the documents; made when missing. */
  readonly data: string
  /** URL of a PostgreSQL database for the documents; without it they are in the folder. */
  readonly database?: string | undefined
  /** A bucket for uploads; without it they are in the folder. */
  readonly uploads?: S3BlobsOptions | undefined
  /** Origins of other pages that may use the server, and names by which it may be asked; see `door.ts`. */
  readonly origins?: readonly string[] | undefined
  readonly names?: readonly string[] | undefined
  /** Addresses and networks of proxies in front, whose word about addresses, names and schemes counts. */
  readonly proxies?: readonly string[] | undefined
  /** Whose tokens say who may do what. Without it everybody may do everything. */
  readonly tokens?: TokenOptions | undefined
  /** Folder of the built web app; default: the one in this repository. */
  readonly web?: string | undefined
  /** For tests: less time for slow clients than they get by default, in ms. */
  readonly patience?: { readonly headersMs: number; readonly slowCheckMs: number } | undefined
  readonly log?: Log | undefined
}

export interface Server {
  /** Where a browser on this machine reaches it, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** The data folder was empty before. */
  readonly isNew: boolean
  /** Stores what is under way, tells clients to come back later, releases port and folder. Idempotent. */
  close(): Promise<Ended>
  /**
   * Ends the store now, with what it has: tries nothing more, and waits only for the call that is under
   * way, because a process that ends in the middle of it is aborted. False: the disk does not answer.
   */
  abandon(): Promise<boolean>
}

/** How a server ended. */
export interface Ended {
  /** Edits that could not be stored in time. */
  readonly unsaved: number
  /** Why something could not be closed in order, if so. */
  readonly disorder?: unknown
}

/** Resolves when the server listens. Fails with {@link StartError} for what an operator can mend: folder, port, address. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { port, host, data, database, web = webFolder, log = silentLog } = options
  const { origins = [], names = [], proxies = [], tokens, patience } = options
  const door = sensible(() => createDoor({ host, origins, names, proxies }))
  const access = sensible(() => (tokens ? tokenAccess({ ...tokens, log }) : openAccess))
  const { store, uploads, isNew } = await openDataFolder(data, database, options.uploads, log)
  const workers = createDocumentWorkers({ log })
  const upkeep = new Upkeep({ store, workers, clock: systemClock, log })
  const syncServer = createSyncServer({
    store,
    compactor: workers.compactor,
    log,
    seed: seedUpdate,
    authorize: access.authorize,
    origins: ['same', ...origins],
    programs: tokens ? 'withToken' : 'any',
    trustProxy: proxies,
  })
  let isAccepting = true
  const app = createApp({
    store,
    syncServer,
    workers,
    uploads,
    access,
    web: await staticApp(web),
    isAccepting: () => isAccepting,
    log: log.channel('http'),
  })
  const listener = getRequestListener(app.fetch)
  const http = createServer(
    {
      headersTimeout: patience?.headersMs ?? headersMsMax,
      requestTimeout: requestMsMax,
      connectionsCheckingInterval: patience?.slowCheckMs ?? slowCheckMs,
      keepAliveTimeout: keepAliveMs,
      maxHeaderSize: headBytesMax,
    },
    (request, response) => {
      if (isCutShort(request)) {
        response.writeHead(431, { connection: 'close' }).end()
        return
      }
      const refusal = door.refusal(request)
      if (refusal) turnAway(refusal, response)
      else void listener(request, response)
    },
  )
  http.maxHeadersCount = headersMax
  http.on('upgrade', (request, socket, head) => {
    // Until the sync server owns the socket, a reset by the peer must not be an uncaught error.
    socket.on('error', () => socket.destroy())
    if (isCutShort(request)) {
      socket.end(refusedUpgrade('431 Request Header Fields Too Large'))
      return
    }
    if (door.upgradeRefusal(request) === undefined) {
      syncServer.handleUpgrade(request, socket, head)
      return
    }
    socket.end(refusedUpgrade('421 Misdirected Request'))
  })

  const stop = async (): Promise<Ended> => {
    isAccepting = false
    const httpClosed = new Promise<void>((resolve) => http.close(() => resolve()))
    const { unsaved } = await syncServer.shutdown({ deadlineMs: shutdownMsMax })
    http.closeAllConnections()
    await httpClosed
    try {
      // The threads first: what is under way in them ends at once, and with it the last look.
      await workers.close()
      await upkeep.close()
      await store.close()
    } catch (disorder) {
      // A store whose disk fails may not close in order either. What is unsaved is to be known all the same.
      return { unsaved, disorder }
    }
    return { unsaved }
  }

  // Before anybody can come: whoever comes first should not wait for the compiler.
  await rehearse(seedUpdate)
  try {
    await listen(http, port, host)
  } catch (error) {
    await stop()
    throw new StartError(listenSentence(port, host, error), { cause: error })
  }
  upkeep.start()
  const address = http.address() as AddressInfo
  let closed: Promise<Ended> | undefined
  return {
    url: `http://${urlHost(host)}:${address.port}`,
    port: address.port,
    isNew,
    close: () => (closed ??= stop()),
    abandon: () => within(abandonMsMax, store.close()),
  }
}

/** Whether `done` ends in time, one way or the other. */
function within(delayMs: number, done: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), delayMs)
    const ended = (): void => {
      clearTimeout(timer)
      resolve(true)
    }
    done.then(ended, ended)
  })
}

/** Node leaves out headers beyond its maximum without a word: last come those that a proxy appends, which say who asks. */
function isCutShort({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.length / 2 >= headersMax
}

function refusedUpgrade(status: string): string {
  return `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`
}

/** What an operator wrote, checked by whoever needs it. */
function sensible<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof TypeError) throw new StartError(error.message, { cause: error })
    throw error
  }
}

function listen(http: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen({ port, host, backlog: listenBacklog }, () => {
      http.off('error', reject)
      resolve()
    })
  })
}

function listenSentence(port: number, host: string, error: unknown): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use; stop what uses it, or choose another with --port`
    case 'EACCES':
      return `this user may not listen on port ${port}; choose one above 1023 with --port`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine; choose another with --host`
    default:
      return `cannot listen on ${host} port ${port}: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** The host in a URL that opens here: every-address hosts are not addresses, and IPv6 needs brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
