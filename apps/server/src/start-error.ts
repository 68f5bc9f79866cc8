/** Why the server cannot start or listen, as one line that says what to do. Its cause, if any, is for the log. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** The `code` of a Node error such as `EACCES`, or an empty string. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
