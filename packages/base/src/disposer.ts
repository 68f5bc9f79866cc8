/** Releases things in the opposite order of their making. */
export class Disposer {
  #releases: (() => void)[] = []
  #isDisposed = false

  get isDisposed(): boolean {
    return this.#isDisposed
  }

  /** Adds a release. After `dispose` it runs at once, so a late subscription cannot leak. */
  add(release: () => void): void {
    if (this.#isDisposed) release()
    else this.#releases.push(release)
  }

  /** Runs every release, last in first out, once. A release that throws does not stop the others; the first error is thrown at the end. */
  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    const errors: unknown[] = []
    for (const release of this.#releases.reverse()) {
      try {
        release()
      } catch (error) {
        errors.push(error)
      }
    }
    this.#releases = []
    if (errors.length > 0) throw errors[0]
  }
}
