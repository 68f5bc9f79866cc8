/**
 * What a conflict is: two people at one document, each with one edit that does not know of the other's,
 * and what both should find afterwards. Written without regard to any binding: `conflicts.test.ts`
 * plays the cases with ours, `e2e/load/cases/conflicts.ts` also with y-prosemirror as it comes.
 */
import { cell, type Draft, type NamedDoc, type RandomEdit, row, table } from '@quire/testkit'

export type At = NamedDoc['at']
/** A's client id is below or above that of B. */
export type Ids = 'below' | 'above'

/** The lines of a document as `show` gives them. A pair where two people contradict each other: whose edit wins depends on ids. */
export type Outcome = readonly string[] | Readonly<Record<Ids, readonly string[]>>

export interface Conflict {
  readonly name: string
  readonly before: NamedDoc
  /** What A does before, which B sees. */
  readonly first?: (at: At) => RandomEdit
  readonly a: (at: At) => RandomEdit
  readonly b: (at: At) => RandomEdit
  /** What both should find afterwards. */
  readonly after: Outcome
  /** What both should find when both have undone their edits, A first; the document before unless said otherwise. */
  readonly undone?: Outcome
  /** Where we fall short: what both find, and what is lost or odd, in words. `docs/caveats.md` says the same. */
  readonly short?: { readonly after?: Outcome; readonly undone?: Outcome; readonly loses: string }
}

export const type =
  (text: string, place = 'b') =>
  (at: At): RandomEdit => ({ kind: 'type', at: at[place] as number, text })

export const write =
  (attrs: Extract<RandomEdit, { kind: 'blocks' }>['attrs'], place = 'a') =>
  (at: At): RandomEdit => {
    const pos = at[place] as number
    return { kind: 'blocks', from: pos, to: pos, attrs }
  }

export const remove =
  (from = 'a', to = 'z') =>
  (at: At): RandomEdit => ({ kind: 'delete', from: at[from] as number, to: at[to] as number })

/** The whole block between two places that lie at its ends. */
export const removeBlock =
  (from = 'a', to = 'z') =>
  (at: At): RandomEdit => ({
    kind: 'delete',
    from: (at[from] as number) - 1,
    to: (at[to] as number) + 1,
  })

export const mark =
  (name: string, from = 'a', to = 'z', attrs: { href: string } | null = null) =>
  (at: At): RandomEdit => ({
    kind: 'mark',
    from: at[from] as number,
    to: at[to] as number,
    mark: name,
    attrs,
    isOn: true,
  })

export const drag =
  (index: number, gap: number, count = 1) =>
  (): RandomEdit => ({ kind: 'move', index, gap, count })
export const split =
  (place = 'a') =>
  (at: At): RandomEdit => ({ kind: 'split', at: at[place] as number })
export const join =
  (place = 'a') =>
  (at: At): RandomEdit => ({ kind: 'join', at: at[place] as number })
export const makeCode =
  (place = 'a') =>
  (at: At): RandomEdit => ({ kind: 'code', at: at[place] as number })
export const inTable =
  (edit: Extract<RandomEdit, { kind: 'table' }>['edit'], place = 'a') =>
  (at: At): RandomEdit => ({ kind: 'table', at: at[place] as number, edit })
export const merge =
  (from = 'a', to = 'z') =>
  (at: At): RandomEdit => ({
    kind: 'merge-cells',
    anchor: at[from] as number,
    head: at[to] as number,
  })
export const removeAll = (): RandomEdit => ({ kind: 'delete-all' })
export const undo = (): RandomEdit => ({ kind: 'undo' })

export const grid = (...rows: string[][]): Draft =>
  table(...rows.map((cells) => row(...cells.map((text) => cell(text)))))
