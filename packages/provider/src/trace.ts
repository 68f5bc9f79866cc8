/** The last events of a provider, for bug reports. Holds no content of the document, and at most `entriesMax` entries. */
import type { Clock, LogFields } from '@quire/base'

export interface TraceEntry {
  /** By the provider's clock; only differences mean something. */
  readonly atMs: number
  readonly what: string
  readonly fields: LogFields
}

export interface Trace {
  note(what: string, fields?: LogFields): void
  /** Oldest first; a copy. */
  entries(): readonly TraceEntry[]
}

/** Enough for the minutes before a report; a few tens of kilobytes. */
export const entriesMax = 200

export function createTrace(clock: Clock): Trace {
  const ring: TraceEntry[] = []
  return {
    note(what, fields = {}) {
      ring.push({ atMs: clock.nowMs(), what, fields })
      if (ring.length > entriesMax) ring.shift()
    },
    entries: () => [...ring],
  }
}
