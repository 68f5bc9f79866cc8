/**
 * Heartbeat: one timer for all connections of a server. Keeps stock clients from thinking the server
 * is gone, finds peers that are gone without saying so, and sessions that read too slowly for too long.
 *
 * 1. A connection that breaks while it is looked after ends; the others are looked after all the same.
 */
import type { Clock, Timer } from '@quire/base'
import type { Connection } from './connection.ts'

/**
 * A socket to which nothing was written for one whole beat gets the keep-alive, one that goes on being
 * quiet at every other beat: each hears something at the latest after two beats, 14 s. Stock clients give
 * up after 30 s without a message, and look every 3 s.
 */
const beatMs = 7_000
/** Every fourth beat, 28 s, silent peers are pinged: below the 60 s after which proxies cut idle sockets. */
const beatsPerPing = 4
export class Heartbeat {
  readonly #clock: Clock
  readonly #connections: () => Iterable<Connection>
  #timer: Timer | undefined = undefined
  #beatCount = 0

  constructor(clock: Clock, connections: () => Iterable<Connection>) {
    this.#clock = clock
    this.#connections = connections
    this.#arm()
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #arm(): void {
    this.#timer = this.#clock.after(beatMs, () => {
      this.#beatCount += 1
      this.#beat()
      this.#arm()
    })
  }

  #beat(): void {
    // Quiet ones are kept at the beats at which they are pinged, so that a thousand cost a thousand writes.
    const isPinging = this.#beatCount % beatsPerPing === 0
    const isSpared = this.#beatCount % 2 === 1
    const nowMs = this.#clock.nowMs()
    for (const connection of this.#connections()) {
      connection.guard(() => {
        if (!isPinging) {
          connection.beat(nowMs, isSpared)
          return
        }
        connection.together(() => {
          connection.beat(nowMs, isSpared)
          connection.ping()
        })
      })
    }
  }
}
