/**
 * Named log channels with fields. Silent unless the app gives a sink: a library never writes to the
 * console by itself. Content of documents and tokens are never fields.
 */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface LogEntry {
  readonly level: LogLevel
  readonly channel: string
  readonly message: string
  readonly fields: LogFields
}

export type LogSink = (entry: LogEntry) => void

export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A log whose channel is `channel/name`. */
  channel(name: string): Log
}

/** A log that writes to `sink`, synchronously and in order. A sink must not throw. */
export function createLog(sink: LogSink, channel = 'quire'): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      sink({ level, channel, message, fields })
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    channel: (name) => createLog(sink, `${channel}/${name}`),
  }
}

/** The default: says nothing. */
export const silentLog: Log = createLog(() => undefined)

/** What went wrong, as one line for a log field, whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
