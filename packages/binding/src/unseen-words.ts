/**
 * Words that somebody took away without seeing them. While a line is held (`composition.ts`) the view does
 * not show what colleagues have written in it; who then deletes, drags or joins the line deletes what was
 * to be seen of it, and nothing else. What went with it is written again, beside its neighbours, by the one
 * whose edit it was: everybody else has to take it for deleted on purpose.
 */
import * as Y from 'yjs'
import { shifted } from './copy-index.ts'
import type { Hidden } from './held-line.ts'
import { partsWhere } from './lost-words.ts'
import { type Moves, type Relocation, relocateStray } from './relocation.ts'
import { keyOf, textsUnder } from './signs.ts'
import { type Stray, wordsIn } from './strays.ts'

/** The origin of the transactions that bring them back: a part of the edit that was made here. */
export const unseenOrigin: { readonly name: string } = { name: 'quire unseen words' }

/** Call it inside the shared transaction of the edit, and the function that it returns when the view shows the edit. */
export function keepUnseen(
  moves: Moves,
  { element, signs }: Hidden,
  onRelocated: (relocation: Relocation) => void,
): () => void {
  let strays: Stray[] = []
  // Yjs can be asked what was deleted only then, and forgets the words right after.
  moves.doc.once('afterTransaction', (transaction: Y.Transaction) => {
    const isTaken = ({ id }: Y.Item): boolean => Y.isDeleted(transaction.deleteSet, id)
    strays = wordsIn(new Set(textsUnder(element)), isTaken, transaction, moves.leaders)
  })
  const isLost = ({ id }: Stray, i: number): boolean => {
    const sign = shifted(id, i)
    return signs.has(keyOf(sign)) && moves.index.liveOf(sign) === undefined
  }
  return () => {
    moves.doc.transact(() => {
      for (const stray of strays) {
        for (const part of partsWhere(stray.words.length, (i) => isLost(stray, i))) {
          const now = relocateStray(moves, stray, part)
          if (now) onRelocated(now)
        }
      }
    }, unseenOrigin)
  }
}
