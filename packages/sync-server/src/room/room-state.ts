/**
 * The life of a room, as facts and one pure decision. Events change facts; `settle` says which phase
 * they mean; `room-life.ts` acts on a change of phase and on nothing else.
 *
 * ```
 *                    somebody asks for the document
 *  ┌────────┐              │
 *  │ absent │◄─────────────┼───────────────────────────────────────────────┐
 *  └────────┘              ▼                                               │
 *      ▲   failed ◄──── loading ────────────► open ─────────────┐          │
 *      │     │  (store refuses, or is     all │ ▲ somebody      │ all left,│
 *      │     │   too slow; document       left│ │ comes         │ unsaved  │
 *      └─────┘   deleted)                     ▼ │               ▼          │
 *                                             idle ◄───────── saving ──────┤ condemned, all saved
 *                                             │ ▲  all saved    ▲ (stays for as long as the store fails)
 *          idle time is over, memory is short │ │ somebody comes
 *                                             ▼ │
 *                                          unloading ─────────────────────►┘ nothing works on it
 * ```
 *
 * | event                      | fact it changes                                   |
 * |----------------------------|---------------------------------------------------|
 * | a session comes or leaves  | `sessionCount`                                    |
 * | an edit is taken or stored | `unsavedCount`                                    |
 * | the store loses a document | `unsavedCount` becomes 0, `isCondemned`           |
 * | the store answers, refuses, or is too slow | `load`                            |
 * | idle time is over, or memory is short      | `isIdleDue`                       |
 * | a compaction begins, ends or takes too long | `isCompacting`                   |
 * | the room breaks, or its document is deleted | `isCondemned`                    |
 *
 * 1. A room whose load failed never becomes open: nothing empty is served or stored. A late answer of
 *    the store changes nothing.
 * 2. A room with unsaved updates is never unloaded: not for time, not for memory, not for a fault.
 * 3. Unloading ends when nothing works on the document any more, or works too long; until then a newcomer
 *    reuses the room.
 * 4. `absent` and `failed` are final: a newcomer gets another room.
 */
export interface RoomFacts {
  readonly load: 'pending' | 'done' | 'failed'
  readonly sessionCount: number
  readonly unsavedCount: number
  /** Whether nobody has been here for as long as the server keeps idle rooms, or it needs the memory. */
  readonly isIdleDue: boolean
  readonly isCompacting: boolean
  /** The document was deleted, or the room broke: it goes as soon as it may. */
  readonly isCondemned: boolean
}

export type RoomPhase = 'loading' | 'failed' | 'open' | 'saving' | 'idle' | 'unloading' | 'absent'

/** Phases that no event leaves. */
export function isFinal(phase: RoomPhase): boolean {
  return phase === 'absent' || phase === 'failed'
}

export function settle(facts: RoomFacts): RoomPhase {
  switch (facts.load) {
    case 'failed':
      return 'failed'
    case 'pending':
      return 'loading'
    case 'done':
      break
  }
  if (facts.isCondemned) return facts.unsavedCount > 0 ? 'saving' : 'absent'
  if (facts.sessionCount > 0) return 'open'
  if (facts.unsavedCount > 0) return 'saving'
  if (!facts.isIdleDue) return 'idle'
  return facts.isCompacting ? 'unloading' : 'absent'
}
