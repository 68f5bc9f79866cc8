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
  while (!isWanted() && right && (right.deleted || !right.countable)) {
    // Behind the sign on the left, unless the marks begin or end right here.
    if (!right.deleted) forward(right)
    else if (isFormatAhead(right)) forward(right)
    else break
  }
  const put = (content: Y.Item['content']): void => {
    const behind: Y.Item | null = left
    const item = new Y.Item(
      Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID)),
      behind,
      behind && (behind as Y.Item).lastId,
      right,
      right && right.id,
      text,
      null,
      content,
    )
    item.integrate(transaction, 0)
    left = item
    right = item.right
  }
  const changes = isWanted() ? [] : changesTo(current, attributes ?? {})
  for (const { key, to } of changes) put(new Y.ContentFormat(key, to as object))
  put(new Y.ContentString(words))
  for (const { key, from } of changes) put(new Y.ContentFormat(key, from as object))
  // Its remembered indexes are those of before.
  if (text._searchMarker) text._searchMarker.length = 0
}

/** Whether a mark begins or ends before the next sign that is there. */
function isFormatAhead(item: Y.Item): boolean {
  for (let at: Y.Item | null = item; at; at = at.right) {
    if (at.deleted) continue
    return at.content instanceof Y.ContentFormat
  }
  return false
}

/** The marks to begin before words and to end behind them. */
function changesTo(
  current: ReadonlyMap<string, unknown>,
  wanted: Readonly<Record<string, unknown>>,
): { readonly key: string; readonly from: unknown; readonly to: unknown }[] {
  const keys = new Set([...current.keys(), ...Object.keys(wanted)])
  return [...keys].flatMap((key) => {
    const [from, to] = [current.get(key) ?? null, wanted[key] ?? null]
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ key, from, to }]
  })
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
