/**
 * Assertions for programmer errors. What a peer, a disk or a user can cause is never asserted:
 * it is refused by value or by a typed error where it happens.
 */

/** Thrown when our own code broke its own rule. Its owner closes what is affected and the process lives. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** Throws {@link AssertionError} unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** Returns `value`, or throws {@link AssertionError} when it is null or undefined. */
export function must<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message)
  return value
}

/** Closes an exhaustive `switch`: it does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`)
}
