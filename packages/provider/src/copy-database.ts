/**
 * The database of an offline copy, as far as y-indexeddb leaves it to us: whether it opens at all, and
 * what stands beside the content.
 */

/** What is known about the content of a copy. */
export interface CopyFacts {
  /** Of which history it is; undefined when no server said so. */
  readonly lineage: string | undefined
  /** Client ids under which it was edited since a server last had all of it. */
  readonly ids: readonly number[]
}

/** Where the facts stand among y-indexeddb's own values. */
const keys = { lineage: 'lineage', ids: 'unsavedIds' } as const

/**
 * Opens and closes the database once, with the stores that y-indexeddb makes, and answers what stands
 * beside the content. A browser that refuses says so here, where it can be caught: inside y-indexeddb it
 * is an unhandled rejection.
 */
export function probeCopy(name: string): Promise<CopyFacts> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') throw new Error('there is no IndexedDB here')
    const request = indexedDB.open(name)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('updates', { autoIncrement: true })
      request.result.createObjectStore('custom')
    }
    request.onerror = () => reject(request.error ?? new Error('the database did not open'))
    request.onsuccess = () => {
      const db = request.result
      readFacts(db)
        .then(resolve, reject)
        .finally(() => db.close())
    }
  })
}

function readFacts(db: IDBDatabase): Promise<CopyFacts> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(['custom'])
    const custom = transaction.objectStore('custom')
    const [lineage, ids] = [custom.get(keys.lineage), custom.get(keys.ids)]
    transaction.oncomplete = () =>
      resolve({
        lineage: typeof lineage.result === 'string' ? lineage.result : undefined,
        ids: Array.isArray(ids.result) ? ids.result.filter(Number.isSafeInteger) : [],
      })
    transaction.onabort = () => reject(transaction.error ?? new Error('it cannot be read'))
  })
}

/** Writes one of the facts. Rejects when the browser refuses. */
export function putFact<K extends keyof CopyFacts>(
  db: IDBDatabase,
  key: K,
  value: CopyFacts[K],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(['custom'], 'readwrite')
    transaction.objectStore('custom').put(value, keys[key])
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('the browser aborted it'))
  })
}
