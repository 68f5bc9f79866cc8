/**
 * Writes words into a shared text right behind the sign on their left. Yjs's own `insert` passes over
 * what has been deleted there, so words typed at the end of the first half of a split would stand behind
 * the words that the split took away, as if they had been typed in the second half.
 */
import * as Y from 'yjs'

/**
 * Call it inside `transaction`. `index` is at most the text's length. Without `attributes` the words get
 * the marks of what stands on their left.
 */
export function insertWords(
  transaction: Y.Transaction,
  text: Y.XmlText,
  index: number,
  words: string,
  attributes?: Readonly<Record<string, unknown>>,
): void {
  const { doc } = transaction
  const current = new Map<string, unknown>()
  let left: Y.Item | null = null
  let right = text._start
  const forward = (item: Y.Item): void => {
    if (!item.deleted && item.content instanceof Y.ContentFormat) {
      const { key, value } = item.content
      if (value === null) current.delete(key)
      else current.set(key, value)
    }
    left = item
    right = item.right
  }
  for (let rest = index; rest > 0 && right; ) {
    if (!right.deleted && right.countable) {
      if (rest < right.length) {
        Y.getItemCleanStart(transaction, Y.createID(right.id.client, right.id.clock + rest))
      }
      rest -= right.length
    }
    forward(right)
  }
  const isWanted = (): boolean => !attributes || hasMarks(current, attributes)
  while (!isWanted() && right && (right.deleted || !right.countable)) forward(right)
  if (!isWanted()) {
    text.insert(index, words, { ...attributes })
    return
  }
  const behind: Y.Item | null = left
  const item = new Y.Item(
    Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID)),
    behind,
    behind && (behind as Y.Item).lastId,
    right,
    right && right.id,
    text,
    null,
    new Y.ContentString(words),
  )
  item.integrate(transaction, 0)
  // Its remembered indexes are those of before.
  if (text._searchMarker) text._searchMarker.length = 0
}

function hasMarks(
  current: ReadonlyMap<string, unknown>,
  wanted: Readonly<Record<string, unknown>>,
): boolean {
  const names = Object.keys(wanted).filter((name) => wanted[name] !== null)
  return (
    names.length === current.size &&
    names.every((name) => JSON.stringify(current.get(name)) === JSON.stringify(wanted[name]))
  )
}
