/**
 * The provider: a Y.Doc, its connection, its ledger and its offline copy, and one status that tells
 * the truth about them.
 * Has no rules of its own: `ledger.ts`, `status.ts`, `connection.ts`, `offline-copy.ts` and `pace.ts` do.
 *
 * 1. Every update of the document that did not come from the server is an edit and gets a number
 *    before y-websocket sees it.
 * 2. Facts change first, then `settle` runs: it alone announces, and only what changed.
 * 3. The first attempt to connect waits for the offline copy, so that its content goes up as the
 *    difference in Step2 and not as one more update.
 *
 * Length: every fact about the document is joined to every other in here.
 */
import { reasonOf, silentLog, systemClock, systemRandom, unreachable } from '@quire/base'
import type { SessionInfo } from '@quire/protocol'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { checkedOptions } from './checked-options.ts'
import { type ConnectionObserver, createConnection } from './connection.ts'
import { createDocumentFacts } from './document-facts.ts'
import { createLedger } from './ledger.ts'
import {
  type CopyState,
  forgetOfflineCopy,
  type OfflineCopy,
  offlineCopyName,
  openOfflineCopy,
} from './offline-copy.ts'
import { currentPage } from './page.ts'
import { typingPaceOf } from './pace.ts'
import type { Provider, ProviderEvents, ProviderOptions } from './provider.ts'
import { isSameStatus, type SaveStatus, statusOf } from './status.ts'
import { createTrace } from './trace.ts'

type Listeners = { [K in keyof ProviderEvents]: Set<(value: ProviderEvents[K]) => void> }

const noCopy: CopyState = { kind: 'none' }

/** Makes a provider and connects. Throws a TypeError when `url` is not a WebSocket address, `schema` no hash, and for a token with a stock server. Closes itself when `doc` is destroyed. */
export function createProvider(options: ProviderOptions): Provider {
  const { doc, document } = options
  const { url, dialect, schema } = checkedOptions(options)
  const clock = options.clock ?? systemClock
  const log = (options.log ?? silentLog).channel('provider')
  const awareness = options.awareness ?? new Awareness(doc)
  const page = options.page ?? currentPage()
  const typing = typingPaceOf(page, clock)
  const pace = options.pace ?? typing?.run
  const ledger = createLedger()
  const trace = createTrace(clock)
  const copyName = offlineCopyName(url, document)
  const listeners: Listeners = {
    status: new Set(),
    synced: new Set(),
    loaded: new Set(),
    event: new Set(),
    session: new Set(),
    copy: new Set(),
    otherSchemas: new Set(),
  }
  let copy: OfflineCopy | undefined
  let session: SessionInfo | undefined
  let otherSchemas: readonly string[] = []
  const facts = createDocumentFacts(doc, (name, value) => copy?.keepFact(name, value))
  let wantsConnection = options.connect ?? true
  let isWaitingForCopy = false
  let closing: Promise<void> | undefined
  const shown = {
    status: { kind: 'saving', unsaved: 0 } as SaveStatus,
    synced: false,
    loaded: false,
    copy: noCopy,
  }

  function emit<K extends keyof ProviderEvents>(name: K, value: ProviderEvents[K]): void {
    for (const listener of listeners[name]) {
      try {
        listener(value)
      } catch (error) {
        log.error('a listener threw', { event: name, reason: reasonOf(error) })
      }
    }
  }

  function currentStatus(): SaveStatus {
    return statusOf({
      link: isWaitingForCopy && wantsConnection ? { kind: 'connecting' } : connection.link,
      isSaved: ledger.isSaved,
      unsaved: ledger.unsavedCount,
      keptOnDevice: copy?.keeps(ledger.editCount) ?? false,
      role: session?.role,
    })
  }

  /** Compares what is with what was announced. Announces what differs; a listener may change facts, so each is read at its turn. */
  function settle(): void {
    const copyState = copy?.state ?? noCopy
    if (copyState !== shown.copy) {
      shown.copy = copyState
      trace.note('copy', { ...copyState })
      emit('copy', copyState)
    }
    if (connection.isSynced !== shown.synced) {
      shown.synced = connection.isSynced
      emit('synced', shown.synced)
    }
    if (shown.synced) markLoaded()
    if (ledger.isSaved) facts.saved()
    const status = currentStatus()
    if (!isSameStatus(status, shown.status)) {
      if (status.kind !== shown.status.kind) trace.note('status', { ...status })
      shown.status = status
      emit('status', status)
    }
  }

  function markLoaded(): void {
    if (shown.loaded) return
    shown.loaded = true
    emit('loaded', true)
  }

  function hearSchemas(others: readonly string[]): void {
    if (others.length + otherSchemas.length === 0) return
    otherSchemas = others
    emit('otherSchemas', others)
  }

  function receive(message: Parameters<ConnectionObserver['received']>[0]): void {
    switch (message.kind) {
      case 'saved':
        if (!ledger.acknowledged(message.frameCount)) {
          log.warn('an ack that cannot be', { frameCount: message.frameCount })
        }
        return settle()
      case 'session':
        session = message.session
        trace.note('session', { role: session.role })
        if (session.lineage !== null) facts.told(session.lineage)
        emit('session', session)
        return settle()
      case 'event':
        trace.note('event', { kind: message.event.kind })
        if (message.event.kind === 'renewClientId') {
          return connection.renewClientId(message.event.clientId)
        }
        if (message.event.kind === 'schemas') return hearSchemas(message.event.others)
        return emit('event', message.event)
      case 'ignored':
        return log.debug('ignored', { why: message.why })
      case 'other':
        return
      default:
        return unreachable(message)
    }
  }

  function onUpdate(update: Uint8Array, origin: unknown): void {
    if (copy?.isOrigin(origin)) {
      // Edits of an earlier life may be in it, sent or not: only an ack can tell.
      copy.loaded(ledger.edited())
      markLoaded()
    } else {
      // Counted before the copy is asked: without a copy, a call and its arguments are skipped.
      if (!connection.isOrigin(origin)) {
        ledger.edited()
        facts.edited()
      }
      copy?.note(update, ledger.editCount)
    }
    connection.followClientId()
    settle()
  }
  // Before the connection is made, because y-websocket listens too, and the number comes first.
  doc.on('update', onUpdate)

  const connection = createConnection({
    url,
    document,
    doc,
    awareness,
    facts,
    offersQuire: dialect === 'quire',
    schema,
    token: options.token,
    webSocket: options.webSocket ?? WebSocket,
    page,
    pace,
    clock,
    random: options.random ?? systemRandom,
    log,
    trace,
    observer: {
      changed: settle,
      opened: () => ledger.opened(),
      sending: (frame) => ledger.sent(frame),
      received: receive,
      cut() {
        ledger.cut()
        hearSchemas([])
      },
    },
  })

  function start(): void {
    isWaitingForCopy = false
    if (wantsConnection && !closing) connection.connect()
    settle()
  }

  async function close(): Promise<void> {
    wantsConnection = false
    typing?.stop()
    doc.off('update', onUpdate)
    doc.off('destroy', closeWithDoc)
    connection.close()
    settle()
    for (const set of Object.values(listeners)) set.clear()
    if (options.awareness === undefined) awareness.destroy()
    await copy?.close()
  }

  const provider: Provider = {
    document,
    doc,
    awareness,
    get status() {
      return shown.status
    },
    get synced() {
      return shown.synced
    },
    get loaded() {
      return shown.loaded
    },
    get session() {
      return session
    },
    get copy() {
      return shown.copy
    },
    get otherSchemas() {
      return otherSchemas
    },
    get hasUnsaved() {
      return ledger.unsavedCount > 0 && !(copy?.keeps(ledger.editCount) ?? false)
    },
    on(name, listener) {
      listeners[name].add(listener)
      return () => void listeners[name].delete(listener)
    },
    connect() {
      wantsConnection = true
      if (isWaitingForCopy) settle()
      else if (!closing) connection.connect()
    },
    disconnect() {
      wantsConnection = false
      connection.disconnect()
      settle()
    },
    async forget() {
      const forgotten = copy
      copy = undefined
      settle()
      await forgotten?.close()
      await forgetOfflineCopy(copyName)
    },
    close() {
      closing ??= close()
      return closing
    },
    trace: () => trace.entries(),
  }

  const closeWithDoc = (): void => {
    provider
      .close()
      .catch((error: unknown) => log.error('close failed', { reason: reasonOf(error) }))
  }
  doc.on('destroy', closeWithDoc)

  if (options.offlineCopy) {
    isWaitingForCopy = true
    copy = openOfflineCopy({
      name: copyName,
      doc,
      clock,
      pace,
      log,
      changed: settle,
      mayLoad: facts.load,
    })
    void copy.settled.then(start)
  }
  // What the document holds already may be on no server and in no copy.
  if (doc.store.clients.size > 0) {
    const edits = ledger.edited()
    if (doc.store.clients.has(doc.clientID)) facts.edited()
    copy?.note(Y.encodeStateAsUpdate(doc), edits)
  }
  if (!isWaitingForCopy) start()
  // Nobody listens yet: what is announced from here on is a change from this.
  shown.copy = copy?.state ?? shown.copy
  shown.status = currentStatus()
  return provider
}
