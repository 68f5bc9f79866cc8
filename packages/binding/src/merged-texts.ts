/**
 * A move that nobody asked for: y-prosemirror shows two shared texts that stand side by side as one, and
 * when this client made the second, it puts its words into the first while it reads. Here it is found out
 * what went where, so that it can be written down like any other move. Looks only.
 */
import * as Y from 'yjs'
import type { MovedRun, MoveRecord } from './move-record.ts'
import { isGone, itemsIn, itemsInRange, typeOf } from './signs.ts'

/** What a client wrote: clocks, `until` not included. */
interface Clocks {
  readonly since: number
  readonly until: number
}

/** What went out of the texts that a transaction of y-prosemirror's own took away, into what it had `written`; undefined when it took none. */
export function mergedBy(
  { doc, deleteSet }: Y.Transaction,
  { since, until }: Clocks,
): Omit<MoveRecord, 'kind'> | undefined {
  const into = new Map<Y.XmlText, Y.XmlText[]>()
  for (const { clock, len } of deleteSet.clients.get(doc.clientID) ?? []) {
    for (const { item } of itemsInRange(doc, doc.clientID, clock, len)) {
      const text = typeOf(item)
      const before = text instanceof Y.XmlText ? textBefore(item) : undefined
      if (before) into.set(before, [...(into.get(before) ?? []), text as Y.XmlText])
    }
  }
  const runs: MovedRun[] = []
  const places: MoveRecord['places'][number][] = []
  const known = new Map<number, number>()
  for (const [target, sources] of into) {
    const isNew = ({ id, deleted }: Y.Item): boolean =>
      !deleted && id.client === doc.clientID && id.clock >= since && id.clock < until
    const to = signsOf(target, isNew)
    const from = sources.flatMap((text) => signsOf(text, ({ id }) => Y.isDeleted(deleteSet, id)))
    const isSame = to.length === from.length && to.every(({ unit }, i) => unit === from[i]?.unit)
    if (!isSame || !target._item) continue
    from.forEach(({ id: { client, clock } }, i) => {
      const toClock = to[i]?.id.clock ?? 0
      const last = runs.at(-1)
      const isNext =
        last?.client === client &&
        last.clock + last.length === clock &&
        last.toClock + last.length === toClock
      if (isNext) runs[runs.length - 1] = { ...last, length: last.length + 1 }
      else runs.push({ client, clock, length: 1, toClock })
    })
    for (const text of sources) {
      for (const { id } of itemsIn(text)) known.set(id.client, Y.getState(doc.store, id.client))
      const place = {
        kind: 'in-text',
        text: target._item.id,
        behind: to.at(-1)?.id ?? null,
      } as const
      if (text._item) places.push({ text: text._item.id, place })
    }
  }
  return places.length > 0 ? { since, known, runs, given: [], gone: [], places } : undefined
}

/** The text that stands right before an item in its element. */
function textBefore({ left, parent }: Y.Item): Y.XmlText | undefined {
  if (!(parent instanceof Y.XmlElement) || isGone(parent)) return undefined
  let at = left
  while (at?.deleted) at = at.left
  const type = typeOf(at ?? undefined)
  return type instanceof Y.XmlText ? type : undefined
}

function signsOf(
  text: Y.XmlText,
  isWanted: (item: Y.Item) => boolean,
): { readonly id: Y.ID; readonly unit: string | undefined }[] {
  const signs: { readonly id: Y.ID; readonly unit: string | undefined }[] = []
  for (const item of itemsIn(text)) {
    if (!(item.content instanceof Y.ContentString) || !isWanted(item)) continue
    for (let i = 0; i < item.length; i++) {
      signs.push({ id: Y.createID(item.id.client, item.id.clock + i), unit: item.content.str[i] })
    }
  }
  return signs
}
