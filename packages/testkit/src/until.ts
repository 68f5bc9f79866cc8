/** Waiting for a state, never for a time. */

declare function setTimeout(task: () => void, delayMs: number): unknown

/**
 * Resolves with the first value of `probe` that is neither undefined nor false, looking again every
 * few milliseconds. Rejects after `deadlineMs` with `what`, so that a failure says what never came.
 * An error thrown by the probe counts as "not yet", and is the cause of the rejection.
 */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = 30_000,
): Promise<T> {
  const endMs = Date.now() + deadlineMs
  let cause: unknown
  for (;;) {
    try {
      const value = await probe()
      if (value !== undefined && value !== false) return value
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (Date.now() > endMs) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`, { cause })
    await new Promise<void>((resolve) => setTimeout(resolve, 5))
  }
}
