/** What somebody hostile sends into an open document, and what must come of it. Used in every dialect. */
import type { CloseName } from '@quire/protocol'

export interface HostileFrame {
  readonly name: string
  /** Messages without the envelope of a dialect, sent one after the other. */
  readonly messages: () => readonly Uint8Array[]
  /**
   * The reason for which the session ends, or the code with which the WebSocket library ends the
   * socket. `goesOn`: nothing ends.
   */
  readonly outcome: CloseName | number | 'goesOn'
  /** In a document of its own: something of it is legal, and so stays. */
  readonly isApart?: boolean
  /** Only for dialects without an address in front: with one it is something else. */
  readonly isBare?: boolean
}
