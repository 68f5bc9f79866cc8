/**
 * Every maximum over what a peer can send or make us hold. Each has a unit in its name and the
 * reason for its size. Beyond one of them a peer gets a close code (`close-codes.ts`), never silence.
 */
export interface Limits {
  readonly frameBytesMax: number
  readonly updateBytesMax: number
  readonly updatePartsMax: number
  readonly xmlDepthMax: number
  readonly clockAdvanceMax: number
  readonly presenceEntryBytesMax: number
  readonly presenceClientsPerSessionMax: number
  readonly heldBytesMax: number
  readonly heldUpdatesMax: number
  readonly waitingBytesMax: number
  readonly waitingFramesMax: number
  readonly outboxBytesSoft: number
  readonly outboxBytesMax: number
  readonly behindMsMax: number
  readonly sessionsPerDocumentMax: number
  readonly sessionsMax: number
  readonly firstFrameMsMax: number
  readonly openingBytesMax: number
  readonly openingFramesMax: number
  readonly authorizeMsMax: number
  readonly unsavedBytesMax: number
}

export const defaultLimits: Limits = {
  /** One WebSocket message. A paste of 10 MB of text fits; ws allocates up to this much per socket. */
  frameBytesMax: 16 * 1024 * 1024,
  /** One update inside a frame; a frame adds a few bytes of its own. */
  updateBytesMax: 16 * 1024 * 1024 - 64,
  /** Structs and deleted ranges in one update. A book of 260,000 edits has about 20,000; each costs a reader some 100 bytes of memory. */
  updatePartsMax: 1_000_000,
  /** Nesting of shared types in one update. The schema needs about 12; readers recurse, so thousands would overflow their stack. */
  xmlDepthMax: 64,
  /** How far one update may move a client's clock, deletions included. Honest documents stay far below; Yjs breaks near 2^53. */
  clockAdvanceMax: 2 ** 28,
  /** One client's presence state as JSON. A cursor and a name need about 300 bytes. */
  presenceEntryBytesMax: 16 * 1024,
  /** Client ids one session may own: its own, and room for a tab that renewed its id. */
  presenceClientsPerSessionMax: 8,
  /** Updates whose predecessors have not arrived, per session: two tabs of one browser race by a few messages, not more. */
  heldBytesMax: 1024 * 1024,
  heldUpdatesMax: 256,
  /** What one session may send while its document is still loading. */
  waitingBytesMax: 20 * 1024 * 1024,
  waitingFramesMax: 1024,
  /** Above the soft bound a session gets no more single updates, but one merged catch-up when it drains. */
  outboxBytesSoft: 512 * 1024,
  /** Above the hard bound, or behind for longer than this, a session is closed with `overloaded`. A snapshot being sent is not counted. */
  outboxBytesMax: 16 * 1024 * 1024,
  behindMsMax: 60_000,
  /** People in one document; far above what presence can show usefully. */
  sessionsPerDocumentMax: 2_000,
  sessionsMax: 20_000,
  /** A socket that opened says something within this time. A slow phone needs about 2 s. */
  firstFrameMsMax: 10_000,
  /** What one session may send before it is known who it is: a Step1, its presence, some keystrokes. */
  openingBytesMax: 256 * 1024,
  openingFramesMax: 64,
  /** Whoever decides about access answers within this time, or the session is sent away for now. */
  authorizeMsMax: 10_000,
  /** Edits that wait for a failing disk, all rooms together. Beyond it new edits are refused with `overloaded`: clients keep them. */
  unsavedBytesMax: 256 * 1024 * 1024,
}
