/**
 * The life of a room, as facts and one pure decision. Events change facts; `settle` says which phase
 * they mean; the room acts on a change of phase and on nothing else.
 *
 * ```
 * absent ─► loading ─► open ◄─► saving ◄─► idle ─► unloading ─► absent
 *              └─► failed ─► absent            ▲_______│ somebody came
 * ```
 *
 * 1. A room whose load failed never becomes open: nothing empty is served or stored.
 * 2. A room with unsaved updates is never unloaded.
 * 3. Unloading ends when nothing works on the document any more; until then a newcomer reuses the room.
 */
export interface RoomFacts {
  readonly load: 'pending' | 'done' | 'failed'
  readonly sessionCount: number
  readonly unsavedCount: number
  /** Whether nobody has been here for as long as the server keeps idle rooms. */
  readonly isIdleDue: boolean
  readonly isCompacting: boolean
  /** The document was deleted, or the room broke: it goes as soon as it may. */
  readonly isCondemned: boolean
}

export type RoomPhase = 'loading' | 'failed' | 'open' | 'saving' | 'idle' | 'unloading' | 'absent'

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
