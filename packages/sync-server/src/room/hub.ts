/**
 * Hub: document name → room, on this server.
 *
 * 1. One room per name takes sessions at a time, however many ask at once.
 * 2. Once the server shuts down, nobody comes in any more.
 */
import { reasonOf } from '@quire/base'
import type { DocumentEvent, DocumentName } from '@quire/protocol'
import { AccessWatch } from '../access/access-watch.ts'
import { LogWriter } from '../log/log-writer.ts'
import { RateLimiter } from '../rate/rate-limiter.ts'
import type { Ports } from '../ports.ts'
import { Room } from './room.ts'
import { RoomMemory } from './room-memory.ts'
import { isFinal } from './room-state.ts'
import type { Session } from '../session/session.ts'

export class Hub {
  readonly writer: LogWriter
  /** Every session of this server, in a room or on its way into one. */
  readonly access: AccessWatch
  readonly rates: RateLimiter
  readonly memory: RoomMemory<Room>
  readonly #ports: Ports
  readonly #rooms = new Map<DocumentName, Room>()
  /** Rooms that take nobody any more and still write. */
  readonly #leaving = new Set<Room>()
  #isTaking = true

  constructor(ports: Ports) {
    this.#ports = ports
    this.access = new AccessWatch(ports)
    this.rates = new RateLimiter(ports)
    this.memory = new RoomMemory(ports.limits)
    this.writer = new LogWriter({
      store: ports.store,
      clock: ports.clock,
      log: ports.log,
      onHealth: (state) => this.#announceAll({ kind: 'storage', state }),
    })
  }

  /** All rooms, those included that end. */
  get rooms(): readonly Room[] {
    return [...this.#rooms.values(), ...this.#leaving]
  }

  room(document: DocumentName): Room | undefined {
    return this.#rooms.get(document)
  }

  /** Puts the session into the room of the document, which is opened when it is not. */
  join(document: DocumentName, session: Session): void {
    if (!this.#isTaking) {
      session.close('goingAway', 'the server shuts down')
      return
    }
    const known = this.#rooms.get(document)
    if (known && !known.isCondemned) {
      known.join(session)
    } else if (this.memory.mayOpen) {
      if (known) this.#leaving.add(known)
      this.#open(document).join(session)
    } else {
      session.close('overloaded', 'open documents take all the memory they may')
    }
  }

  /** Takes no more edits; what was taken still goes to the store and to the sessions. */
  stopTaking(): void {
    this.#isTaking = false
    for (const room of this.rooms) room.flush()
  }

  /** Sends every acknowledgement that waits for company. */
  acknowledge(): void {
    for (const room of this.rooms) room.acknowledge()
  }

  /** Ends every timer of every room, at the end of a shutdown. */
  close(): void {
    this.access.close()
    this.rates.close()
    for (const room of this.rooms) room.close()
  }

  #open(document: DocumentName): Room {
    const room = new Room({
      document,
      ports: this.#ports,
      writer: this.writer,
      isTaking: () => this.#isTaking,
      onPhase: (phase) => {
        this.memory.setIdle(room, phase === 'idle')
        if (!isFinal(phase)) return
        this.#leaving.delete(room)
        if (this.#rooms.get(document) === room) this.#rooms.delete(document)
      },
      onBytes: (more) => this.memory.changed(more),
    })
    this.#rooms.set(document, room)
    return room
  }

  #announceAll(event: DocumentEvent): void {
    for (const room of this.#rooms.values()) {
      try {
        room.announce(event)
      } catch (error) {
        const { log } = this.#ports
        log.error('a room broke', { document: room.document, reason: reasonOf(error) })
        room.condemn('internal', 'the room broke')
      }
    }
  }
}
