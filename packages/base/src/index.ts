export { AssertionError, assert, must, unreachable } from './assert.ts'
export { type Clock, systemClock, type Timer } from './clock.ts'
export { Disposer } from './disposer.ts'
export {
  createLog,
  type Log,
  type LogEntry,
  type LogFields,
  type LogLevel,
  type LogSink,
  reasonOf,
  silentLog,
} from './log.ts'
export { type Random, randomId, systemRandom } from './random.ts'
