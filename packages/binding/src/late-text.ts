/**
 * Text that arrives late, in a block that has been moved. Dragging a block, joining two, merging cells
 * or making a paragraph code takes a shared text away and puts its words elsewhere. What a colleague
 * types at that moment lands in the text that is gone, and would be lost. So whoever moved the words
 * remembers where each of them went, and when such a late text arrives puts it beside its neighbours.
 *
 * 1. Only the one who moved the words does it, once for each arriving text.
 * 2. Only text in a shared text that is gone is put elsewhere. Nobody who knows that it is gone can
 *    write in it, so nothing that was typed afterwards is touched.
 * 3. It is not an edit of this user: undo leaves it alone.
 *
 * Is not persisted: when the page is closed before the late text arrives, it is lost.
 */
import type { Node } from 'prosemirror-model'
import type { Step } from 'prosemirror-transform'
import * as Y from 'yjs'
import {
  createBlockFinder,
  isGone,
  itemsBetween,
  type Place,
  placeAt,
  positionNow,
  type Run,
  runsTo,
  type Traces,
  tracesOf,
} from './text-traces.ts'
import type { YBinding } from './y-prosemirror.ts'

/** The origin of the transactions that put late text in its place. */
export const lateTextOrigin: { readonly name: string } = { name: 'quire late text' }

/** How many runs of moved words are remembered; the oldest are forgotten first. A block has one or a few. */
const runsMax = 5_000

export interface LateText {
  /** What stands in the blocks that a step changes. Call it before the step is written. */
  trace(binding: YBinding, stepIndex: number, before: Node, after: Node): Traces
  /** Remembers where the words of texts that are gone now are. Call it when all steps are written. */
  remember(binding: YBinding, traces: readonly Traces[], steps: readonly Step[], doc: Node): void
  destroy(): void
}

export function createLateText(shared: Y.Doc): LateText {
  let runs: Run[] = []
  /** Where the beginning of a text that is gone is now, by the text. */
  const beginnings = new WeakMap<Y.XmlText, Y.RelativePosition>()
  let hasMoved = false

  const placeOfSign = (id: Y.ID): Y.ID | undefined => {
    let found: Y.ID | undefined
    // Words can be moved again, and late text can be moved too.
    for (let hops = 0; hops < 100; hops++) {
      const at: Y.ID = found ?? id
      const run = runs.findLast(
        ({ client, clock, length }) =>
          client === at.client && clock <= at.clock && at.clock < clock + length,
      )
      if (!run) break
      found = Y.createID(run.to.client, run.to.clock + at.clock - run.clock)
    }
    return found
  }

  const receive = (transaction: Y.Transaction): void => {
    if (!hasMoved || transaction.local) return
    const late = lateItems(transaction)
    if (late.length === 0) return
    shared.transact(() => {
      for (const { item, words } of late) {
        const text = item.parent as Y.XmlText
        const place =
          placeBeside(item, placeOfSign, shared) ?? placeOf(beginnings.get(text), shared)
        if (!place) continue
        place.text.insert(place.index, words)
        const made = itemsBetween(place.text, place.index, place.index + words.length)[0]
        if (made)
          runs.push({
            client: item.id.client,
            clock: item.id.clock,
            length: words.length,
            to: made.id,
          })
      }
    }, lateTextOrigin)
  }
  shared.on('afterTransaction', receive)

  return {
    trace: (binding, stepIndex, before, after) => ({
      stepIndex,
      traces: tracesOf(binding, before, after),
    }),
    remember(binding, all, steps, doc) {
      const find = createBlockFinder(doc)
      for (const { stepIndex, traces } of all) {
        const rest = steps.slice(stepIndex)
        for (const trace of traces.filter(({ text }) => isGone(text))) {
          const start = positionNow(trace, trace.pos, rest, find)
          const place = start === undefined ? undefined : placeAt(binding, doc, start)
          if (!place) continue
          hasMoved = true
          beginnings.set(
            trace.text,
            Y.createRelativePositionFromTypeIndex(place.text, place.index, -1),
          )
          for (const { id, length, offset } of trace.items) {
            runs.push(
              ...runsTo(binding, doc, id, length, (i) =>
                positionNow(trace, trace.pos + offset + i, rest, find),
              ),
            )
          }
        }
      }
      if (runs.length > runsMax) runs = runs.slice(-runsMax)
    },
    destroy: () => shared.off('afterTransaction', receive),
  }
}

/** Texts that arrived in a shared text that was gone, in the order of their making. */
function lateItems(
  transaction: Y.Transaction,
): { readonly item: Y.Item; readonly words: string }[] {
  const late: { readonly item: Y.Item; readonly words: string }[] = []
  for (const [client, end] of transaction.afterState) {
    const since = transaction.beforeState.get(client) ?? 0
    if (end <= since) continue
    const structs = transaction.doc.store.clients.get(client) ?? []
    for (let i = structs.length - 1; i >= 0; i--) {
      const item = structs[i]
      if (!item || item.id.clock < since) break
      if (!(item instanceof Y.Item) || !item.deleted) continue
      const { content, parent } = item
      if (content instanceof Y.ContentString && parent instanceof Y.XmlText && isGone(parent)) {
        late.unshift({ item, words: content.str })
      }
    }
  }
  return late
}

/** Beside the nearest neighbour whose new place is known, the left one first. */
function placeBeside(
  item: Y.Item,
  placeOfSign: (id: Y.ID) => Y.ID | undefined,
  shared: Y.Doc,
): Place | undefined {
  for (let left = item.left; left; left = left.left) {
    const id = placeOfSign(left.lastId)
    if (id) return placeOfId(shared, id, 1)
  }
  for (let right = item.right; right; right = right.right) {
    const id = placeOfSign(right.id)
    if (id) return placeOfId(shared, id, 0)
  }
  return undefined
}

/** The place before (0) or behind (1) a sign; undefined when its text is gone as well. */
function placeOfId(shared: Y.Doc, id: Y.ID, side: 0 | 1): Place | undefined {
  if (id.clock >= Y.getState(shared.store, id.client)) return undefined
  const item: unknown = Y.getItem(shared.store, id)
  if (!(item instanceof Y.Item) || !(item.parent instanceof Y.XmlText)) return undefined
  if (isGone(item.parent)) return undefined
  let index = item.deleted ? 0 : id.clock - item.id.clock + side
  for (let left = item.left; left; left = left.left) {
    if (!left.deleted && left.countable) index += left.length
  }
  return { text: item.parent, index }
}

function placeOf(position: Y.RelativePosition | undefined, shared: Y.Doc): Place | undefined {
  const place = position && Y.createAbsolutePositionFromRelativePosition(position, shared)
  if (!place || !(place.type instanceof Y.XmlText) || isGone(place.type)) return undefined
  return { text: place.type, index: place.index }
}
