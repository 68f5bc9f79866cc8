/**
 * Log and clock behind a guard, so that a fault in one place does not fly through code that has no idea
 * of it. The access port has its guard in `admission.ts`; the store and the compactor are called only
 * where their failure is an answer.
 *
 * 1. A log that throws or rejects says nothing. Nobody waits for a log.
 * 2. What a timer or the end of a turn throws ends neither the process nor the timers of others; whose timer it was is told.
 */
import type { Clock, Log, LogFields } from '@quire/base'
import type { Ports } from './ports.ts'

/** A log that never throws. */
export function guardedLog(log: Log): Log {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields?: LogFields): void => {
      try {
        const said: unknown = log[level](message, fields)
        // A sink that is an async function fits the type, and its rejection would end the process.
        if (said instanceof Promise) said.catch(() => undefined)
      } catch {
        // There is no other place to say so.
      }
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    channel(name) {
      try {
        return guardedLog(log.channel(name))
      } catch {
        return guardedLog(log)
      }
    },
  }
}

/** A clock that tells of what its timers throw, and goes on. */
export function guardedClock(clock: Clock, onFault: (error: unknown) => void): Clock {
  return {
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.wallMs(),
    after: (delayMs, task) =>
      clock.after(delayMs, () => {
        try {
          task()
        } catch (error) {
          onFault(error)
        }
      }),
  }
}

/** The end of a turn whose tasks may throw: tells of it, and the other tasks of the turn run. */
export function guardedTurnEnd(
  atTurnEnd: Ports['atTurnEnd'],
  onFault: (error: unknown) => void,
): Ports['atTurnEnd'] {
  return (task) =>
    atTurnEnd(() => {
      try {
        task()
      } catch (error) {
        onFault(error)
      }
    })
}
