/**
 * Hub: document name → room, on this server. One room per name at a time, however many ask at once.
 */
import type { DocumentEvent, DocumentName } from '@quire/protocol'
import { LogWriter } from './log-writer.ts'
import type { Ports } from './ports.ts'
import { Room } from './room.ts'
import type { Session } from './session.ts'

export class Hub {
  readonly writer: LogWriter
  readonly #ports: Ports
  readonly #rooms = new Map<DocumentName, Room>()
  /** Rooms that take nobody any more and still write. */
  readonly #leaving = new Set<Room>()
  #isTaking = true

  constructor(ports: Ports) {
    this.#ports = ports
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
    let room = this.#rooms.get(document)
    if (room?.isCondemned) {
      this.#leaving.add(room)
      room = undefined
    }
    if (!room) {
      const made = new Room({
        document,
        ports: this.#ports,
        writer: this.writer,
        isTaking: () => this.#isTaking,
        onAbsent: () => {
          this.#leaving.delete(made)
          if (this.#rooms.get(document) === made) this.#rooms.delete(document)
        },
      })
      room = made
      this.#rooms.set(document, made)
    }
    room.join(session)
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
    for (const room of this.rooms) room.close()
  }

  #announceAll(event: DocumentEvent): void {
    for (const room of this.#rooms.values()) room.announce(event)
  }
}
