/**
 * Words in a shared text that is gone: what they were, and what stood beside them. They are copied when
 * the text goes, because Yjs forgets the content of what is deleted. Looks only.
 */
import * as Y from 'yjs'
import type { Leaders } from './leaders.ts'
import { elementsAround, isGone, itemsIn, itemsInRange, textsIn, writtenBehind } from './signs.ts'

/** Words of one author that lay together in a text that is gone. */
export interface Stray {
  readonly id: Y.ID
  readonly words: string
  /** Marks as the shared text holds them. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly line: Line
  /** Where they stood among the runs of their line. */
  readonly index: number
}

/** A text that is gone. */
export interface Line {
  readonly text: Y.ID
  /** The elements around it that are gone or not, the innermost first. */
  readonly elements: readonly Y.ID[]
  /** All that ever stood in its block, in order: in this text and in the others of the same line. */
  readonly runs: readonly Run[]
  /** To make the like of its block again. */
  readonly block: { readonly nodeName: string; readonly attributes: Record<string, unknown> }
}

export interface Run {
  readonly id: Y.ID
  readonly length: number
  /** The sign on its left when it was written; null at the start of its text. */
  readonly leader: Y.ID | null
  readonly text: Y.ID
}

/** What is known of leaders; without it, what Yjs keeps. */
type Known = Pick<Leaders, 'of' | 'cutsIn'>

/** What died with its text in a transaction, of texts in which `clients` had written something that died. */
export function straysOf(
  transaction: Y.Transaction,
  clients: ReadonlySet<number>,
  leaders: Known,
): Stray[] {
  const { doc, deleteSet } = transaction
  const texts = new Set<Y.XmlText>()
  for (const client of clients) {
    for (const { clock, len } of deleteSet.clients.get(client) ?? []) {
      for (const { item } of itemsInRange(doc, client, clock, len)) {
        if (isWordsInGoneText(item)) texts.add(item.parent as Y.XmlText)
      }
    }
  }
  const isWanted = ({ id }: Y.Item): boolean => Y.isDeleted(deleteSet, id)
  return [...texts].flatMap((text) => straysIn(text, isWanted, transaction, leaders))
}

/** What others wrote into a text that was gone here when it arrived. */
export function arrivalsOf(transaction: Y.Transaction, clients: ReadonlySet<number>): Stray[] {
  const { doc, beforeState, afterState } = transaction
  const texts = new Set<Y.XmlText>()
  const isNew = ({ client, clock }: Y.ID): boolean => clock >= (beforeState.get(client) ?? 0)
  for (const [client, end] of afterState) {
    const since = beforeState.get(client) ?? 0
    if (end <= since || clients.has(client)) continue
    for (const { item } of itemsInRange(doc, client, since, end - since)) {
      if (item.deleted && isWordsInGoneText(item)) texts.add(item.parent as Y.XmlText)
    }
  }
  const isWanted = ({ id }: Y.Item): boolean => !clients.has(id.client) && isNew(id)
  return [...texts].flatMap((text) => straysIn(text, isWanted, transaction))
}

/** What of deleted words cannot come back where it was, because its text is gone. `isWanted` says which. */
export function wordsIn(
  texts: ReadonlySet<Y.XmlText>,
  isWanted: (item: Y.Item) => boolean,
  transaction: Y.Transaction,
  leaders?: Known,
): Stray[] {
  return [...texts].flatMap((text) => straysIn(text, isWanted, transaction, leaders))
}

export function isWordsInGoneText({ content, parent }: Y.Item): boolean {
  return content instanceof Y.ContentString && parent instanceof Y.XmlText && isGone(parent)
}

function straysIn(
  text: Y.XmlText,
  isWanted: (item: Y.Item) => boolean,
  transaction: Y.Transaction,
  leaders?: Known,
): Stray[] {
  if (!text._item) return []
  const runs: Run[] = []
  const around = elementsAround(text)
  const [element] = around
  const line: Line = {
    text: text._item.id,
    elements: around.flatMap(({ _item: item }) => (item ? [item.id] : [])),
    runs,
    block: {
      nodeName: element?.nodeName ?? '',
      attributes: element ? attributesOf(element, transaction) : {},
    },
  }
  const strays: Stray[] = []
  for (const sibling of element ? textsIn(element) : [text]) {
    let attributes: Record<string, unknown> = {}
    for (const item of itemsIn(sibling)) {
      const { id, content, length } = item
      if (content instanceof Y.ContentFormat) {
        if (wasThere(item, transaction)) {
          attributes = { ...attributes, [content.key]: content.value }
        }
        continue
      }
      const of = sibling._item?.id
      if (!of) continue
      const words = sibling === text && content instanceof Y.ContentString ? content.str : undefined
      const cuts = leaders && words !== undefined ? leaders.cutsIn(id, length) : [0]
      cuts.forEach((from, k) => {
        const part = Y.createID(id.client, id.clock + from)
        if (words !== undefined && isWanted(item)) {
          const some = words.slice(from, cuts[k + 1])
          strays.push({ id: part, words: some, attributes, line, index: runs.length })
        }
        const leader = leaders ? leaders.of(part)[0] : writtenBehind(transaction.doc, part)
        const end = cuts[k + 1] ?? length
        runs.push({ id: part, length: end - from, leader: leader ?? null, text: of })
      })
    }
  }
  return strays
}

const wasThere = (item: Y.Item, { deleteSet }: Y.Transaction): boolean =>
  !item.deleted || Y.isDeleted(deleteSet, item.id)

/** The attributes of an element, also when this transaction took it away. */
function attributesOf(element: Y.XmlElement, transaction: Y.Transaction): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  for (const [name, item] of element._map) {
    if (item.content instanceof Y.ContentAny && wasThere(item, transaction)) {
      attributes[name] = item.content.arr.at(-1)
    }
  }
  return attributes
}
