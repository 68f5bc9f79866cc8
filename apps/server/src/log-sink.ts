/** Where warnings and errors go: one line each on stderr, `time level channel: message key=value …`. */
import type { LogEntry } from '@quire/base'

export function stderrSink(entry: LogEntry): void {
  if (entry.level === 'debug' || entry.level === 'info') return
  process.stderr.write(`${new Date().toISOString()} ${formatEntry(entry)}\n`)
}

/** The entry without its time, on one line whatever its fields hold. */
export function formatEntry({ level, channel, message, fields }: LogEntry): string {
  const parts = [`${level} ${channel}: ${message}`]
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue
    const isPlain = typeof value !== 'string' || /^[\w./:@-]+$/.test(value)
    parts.push(`${key}=${isPlain ? String(value) : JSON.stringify(value)}`)
  }
  return parts.join(' ').replace(/[\r\n]+/g, ' ')
}
