/** All conflicts, by what they are about. */
import { atoms } from './atoms.ts'
import type { Conflict } from './conflict.ts'
import { kinds } from './kinds.ts'
import { structure } from './structure.ts'
import { tables } from './tables.ts'
import { text } from './text.ts'
import { toggles } from './toggles.ts'

export type { Conflict, Ids, Outcome } from './conflict.ts'

export const conflicts: Readonly<Record<string, readonly Conflict[]>> = {
  'kinds and attributes': kinds,
  structure,
  'text and marks': text,
  tables,
  toggles,
  'formulas and mentions': atoms,
}
