/** One at a time under each name, in the order of the calls: storing and removing the same bytes must not cross. */
import type { BlobName } from './blob-store.ts'

export class NameLocks {
  readonly #last = new Map<BlobName, Promise<unknown>>()

  /** Runs `work` when everything before it under `name` has ended, and answers or fails as it does. */
  async run<T>(name: BlobName, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name)
    const result = (async () => {
      await before?.catch(() => undefined) // its caller has the error
      return work()
    })()
    this.#last.set(name, result)
    try {
      return await result
    } finally {
      if (this.#last.get(name) === result) this.#last.delete(name)
    }
  }
}
