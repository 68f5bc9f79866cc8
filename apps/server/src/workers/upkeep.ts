/**
 * Looks after documents when nobody waits for it: takes versions, thins them, and keeps the search up
 * to date. Every `roundMs` it asks the store which documents are behind; what is to be done about one,
 * pure policies say. Works through one document at a time, in the background of the document workers.
 *
 * 1. It only reads documents: nothing that it does or fails to do touches what people write.
 * 2. A document that cannot be read is named in the log once for each state that it fails in, and does
 *    not hold up the others.
 * 3. Two servers on one database may both look; what both do is done twice and harms nobody.
 */
import { type Clock, type Log, reasonOf, type Timer } from '@quire/base'
import {
  type BehindDocument,
  searchTextCharsMax,
  type Store,
  versionDue,
  versionsToThin,
} from '@quire/persistence'
import type { DocumentName } from '@quire/protocol'
import type { DocumentWorkers } from './document-workers.ts'

/** How often it looks: a minute after a pause people do not expect to find anything anyway. */
const roundMs = 60_000
/** A text is read this long after the last edit: not in the middle of a sentence. */
const indexAfterMs = 30_000
/** Of a document that is never still, this often. */
const indexEveryMs = 600_000
/** Documents that are asked for at once. */
const pageDocuments = 100
/** Failures that are remembered, so that each is said once. */
const failuresMax = 1_000
/** Versions that are asked for at once; policy leaves about 350 of a document. */
const pageVersions = 500

export interface UpkeepOptions {
  readonly store: Pick<Store, 'open' | 'versions' | 'search'>
  readonly workers: Pick<DocumentWorkers, 'extract' | 'pack'>
  readonly clock: Clock
  readonly log: Log
}

/** Whether the text of a document is to be read now. Pure. */
function indexDue({ head, createdMs, changedMs, indexed }: BehindDocument, nowMs: number): boolean {
  if (indexed && indexed.number >= head) return false
  if (nowMs - changedMs >= indexAfterMs) return true
  return nowMs - (indexed?.madeMs ?? createdMs) >= indexEveryMs
}

export class Upkeep {
  readonly #options: UpkeepOptions
  readonly #log: Log
  /** Document → the head at which it failed. */
  readonly #failed = new Map<DocumentName, number>()
  #timer: Timer | undefined = undefined
  #round: Promise<void> | undefined = undefined
  #isClosed = false

  constructor(options: UpkeepOptions) {
    this.#options = options
    this.#log = options.log.channel('upkeep')
  }

  /** Begins to look, the first time after `roundMs`. */
  start(): void {
    if (this.#isClosed) return
    this.#timer = this.#options.clock.after(roundMs, () => {
      void this.round().finally(() => this.start())
    })
  }

  /** Looks once at every document that is behind. Never fails: what went wrong is in the log. One round at a time; a call meanwhile waits for the same. */
  round(): Promise<void> {
    this.#round ??= this.#lookAtAll()
      .catch((error: unknown) => this.#log.warn('a round failed', { reason: reasonOf(error) }))
      .finally(() => {
        this.#round = undefined
      })
    return this.#round
  }

  /** Looks no more. Resolves when the document under way is done. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#timer?.cancel()
    await this.#round
  }

  async #lookAtAll(): Promise<void> {
    let after: DocumentName | undefined
    for (;;) {
      const page = await this.#options.store.search.behind({ limit: pageDocuments, after })
      for (const document of page) {
        if (this.#isClosed) return
        await this.#lookAt(document)
      }
      after = page.at(-1)?.document
      if (page.length < pageDocuments) return
    }
  }

  async #lookAt(behind: BehindDocument): Promise<void> {
    const { document, head } = behind
    const { store, workers, clock } = this.#options
    const nowMs = clock.wallMs()
    const isIndexDue = indexDue(behind, nowMs)
    const kind = versionDue({ ...behind, newest: behind.newestVersion, nowMs })
    if (!isIndexDue && kind === undefined) return
    if (this.#failed.get(document) === head) return
    try {
      const stored = await store.open(document)
      if (isIndexDue) {
        const text = await workers.extract(document, { stored }, searchTextCharsMax)
        await store.search.put(document, text, stored.head)
      }
      if (kind !== undefined && stored.head > 0) {
        const { state } = await workers.pack(document, stored)
        await store.versions.create(document, { number: stored.head, kind, state })
        await this.#thin(document, nowMs)
      }
      this.#failed.delete(document)
    } catch (error) {
      this.#note(document, head)
      this.#log.warn('a document was not looked after', { document, reason: reasonOf(error) })
    }
  }

  async #thin(document: DocumentName, nowMs: number): Promise<void> {
    const { versions } = this.#options.store
    const all = []
    for (let after: string | undefined; ; ) {
      const page = await versions.list(document, { limit: pageVersions, after })
      all.push(...page.versions)
      after = page.next
      if (after === undefined) break
    }
    await versions.remove(document, versionsToThin(all, nowMs))
  }

  #note(document: DocumentName, head: number): void {
    this.#failed.delete(document)
    this.#failed.set(document, head)
    const [oldest] = this.#failed.keys()
    if (this.#failed.size > failuresMax && oldest !== undefined) this.#failed.delete(oldest)
  }
}
