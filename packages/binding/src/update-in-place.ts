/**
 * Showing a change inside of blocks at the cost of those blocks. ProseMirror looks at every block of the
 * document, three times, to find those that changed, at every decorated one for each of them, and at all
 * in front of each that changed. Here they are told by identity, and only they are updated, by
 * ProseMirror's own means; when all have changed, those in front are counted once.
 *
 * 1. Anything but a change inside a few blocks goes ProseMirror's way: blocks that come, go or move, a
 *    block that has to be drawn anew, decorations of whole blocks or between them, a composition, widgets.
 * 2. Decorations inside of blocks are compared block by block; where another block than a changed one has
 *    others than before, all goes ProseMirror's way.
 * 3. The result is what ProseMirror's way leaves.
 */
import type { Node } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import {
  type Decoration,
  DecorationSet,
  type DecorationSource,
  type EditorView,
} from 'prosemirror-view'
import { changedIndexes, startOfBlock } from './block-places.ts'
import { type Described, findByBlocks } from './find-shown.ts'

/** What prosemirror-view does not promise: its description of what is on screen. */
interface Shown extends Described {
  readonly node?: Node
  readonly dirty: number
  readonly children: readonly Shown[]
  readonly innerDeco?: DecorationSource
  update(
    node: Node,
    outerDeco: readonly Decoration[],
    innerDeco: DecorationSource,
    view: EditorView,
  ): boolean
  updateChildren(view: EditorView, pos: number): void
  readonly size: number
  readonly posAtStart: number
  posBeforeChild(child: Shown): number
}

/** The same of its sets of decorations. A group has `members`, a set the others. */
interface Decorated {
  readonly members?: readonly Decorated[]
  /** Of whole blocks, between blocks, or over several. */
  readonly local?: readonly Decoration[]
  /** In rising order, three for each block with decorations in it: where it begins and ends, and these. */
  readonly children?: readonly (number | DecorationSet)[]
}

/**
 * An event on the editable element, when its children have been drawn and before the selection is put
 * into them: for whoever has to find a place for new ones first.
 */
export const drawnEvent = 'quire-drawn'

/** As many as people type in at once. Where more differ, blocks have moved. */
const blocksMax = 8
const clean = 0
/** Some of the blocks are not as they were drawn; the list of them is. */
const childDirty = 1

interface Change {
  readonly index: number
  readonly shown: Shown
  readonly before: Node
  readonly after: Node
}

export function updateInPlacePlugin(): Plugin {
  return new Plugin({
    view(view) {
      updateInPlace(view)
      return { update: updateInPlace }
    },
  })
}

/** Lets the view show changes inside of blocks quickly. Call it again after every update: ProseMirror sometimes begins anew. */
function updateInPlace(view: EditorView): void {
  const { docView } = view as unknown as { readonly docView?: Shown | null }
  if (!docView || Object.hasOwn(docView, 'updateChildren')) return
  const updateAll = docView.updateChildren.bind(docView)
  const countBefore = docView.posBeforeChild.bind(docView)
  const tellChanging = findByBlocks(docView)
  const posBefore = docView.posBeforeChild.bind(docView)
  let before = { node: docView.node, decorations: docView.innerDeco }
  docView.updateChildren = (_view, pos) => {
    const last = before
    before = { node: docView.node, decorations: docView.innerDeco }
    try {
      if (isUpdated(docView, last, view)) return
      docView.posBeforeChild = countedOn(docView, countBefore)
      tellChanging(true)
      try {
        updateAll(view, pos)
      } finally {
        tellChanging(false)
      }
    } finally {
      docView.posBeforeChild = posBefore
    }
    const page = view.dom.ownerDocument.defaultView
    if (page) view.dom.dispatchEvent(new page.Event(drawnEvent))
  }
}

/**
 * The position before a child, for as long as children are updated one after the other: ProseMirror asks
 * for each that changed, and would count all in front of it each time. Those have their last size by then.
 */
function countedOn(docView: Shown, count: (child: Shown) => number): (child: Shown) => number {
  let last: { readonly index: number; readonly child: Shown; readonly pos: number } | undefined
  return (child) => {
    const { children } = docView
    const from = last && children[last.index] === last.child ? last : undefined
    let pos = from?.pos ?? docView.posAtStart
    for (let index = from?.index ?? 0; index < children.length; index++) {
      const at = children[index] as Shown
      if (at === child) {
        last = { index, child, pos }
        return pos
      }
      pos += at.size
    }
    // It is in front of the last one, or not here.
    last = undefined
    return count(child)
  }
}

/** Whether the change was inside of a few blocks and is shown. */
function isUpdated(
  docView: Shown,
  before: { readonly node?: Node | undefined; readonly decorations?: DecorationSource | undefined },
  view: EditorView,
): boolean {
  const { node, dirty, innerDeco } = docView
  if (!node || !before.node || !before.decorations || !innerDeco) return false
  if (dirty > childDirty || view.composing) return false
  const changes = changesIn(docView, before.node, node)
  if (!changes) return false
  const isPlain = innerDeco === DecorationSet.empty && before.decorations === DecorationSet.empty
  const places = isPlain ? [] : placesOf(changes, node)
  if (!isPlain && !areSameElsewhere(before.decorations, innerDeco, places)) return false
  const count = docView.posBeforeChild.bind(docView)
  // They are updated in order, so those in front of each are what the document says.
  docView.posBeforeChild = (child) => {
    const change = changes.find(({ shown }) => shown === child)
    return change ? startOfBlock(node, change.index) : count(child)
  }
  // What was updated before one refuses is found right by ProseMirror.
  return changes.every(({ shown, after }, i) => {
    const decorations = isPlain ? innerDeco : innerDeco.forChild(places[i]?.start ?? 0, after)
    return shown.update(after, [], decorations, view)
  })
}

/** The blocks that are not shown as they are now; undefined when it is the list of blocks that changed. */
function changesIn({ children, dirty }: Shown, before: Node, after: Node): Change[] | undefined {
  const olds = before.children
  const news = after.children
  if (children.length !== news.length || olds.length !== news.length) return undefined
  // A block that the browser changed by itself has to be drawn again although it is the same.
  const known = dirty === clean ? changedIndexes(before, after) : undefined
  const changed =
    known ?? differing(olds, news, (i) => dirty !== clean && children[i]?.dirty !== clean)
  if (changed.length > blocksMax) return undefined
  const changes: Change[] = []
  for (const index of changed) {
    const [old, now] = [olds[index] as Node, news[index] as Node]
    const shown = children[index]
    if (shown?.node !== old) return undefined
    changes.push({ index, shown, before: old, after: now })
  }
  // A block that is another's now has moved, and what is on screen moves with it.
  const hasMoved = changes.some(({ after: now }, i) =>
    changes.some((other, j) => i !== j && other.before === now),
  )
  return hasMoved ? undefined : changes
}

/** The indexes at which two lists of one length have different nodes, or that are wanted anyway; a few more than can be updated at most. */
function differing(
  olds: readonly Node[],
  news: readonly Node[],
  isWanted: (index: number) => boolean,
): number[] {
  const found: number[] = []
  for (let index = 0; index < news.length && found.length <= blocksMax; index++) {
    if (olds[index] !== news[index] || isWanted(index)) found.push(index)
  }
  return found
}

/** Where a changed block is, in positions of the document before and after. */
interface ChangedPlace {
  readonly startBefore: number
  readonly start: number
  /** By how much what is behind it has moved. */
  readonly shift: number
}

function placesOf(changes: readonly Change[], after: Node): ChangedPlace[] {
  let shift = 0
  return changes.map(({ index, before: old, after: now }) => {
    const start = startOfBlock(after, index)
    const startBefore = start - shift
    shift += now.nodeSize - old.nodeSize
    return { startBefore, start, shift }
  })
}

/** Whether all blocks but those at `places` have the decorations that they had. */
function areSameElsewhere(
  before: DecorationSource,
  after: DecorationSource,
  places: readonly ChangedPlace[],
): boolean {
  const olds = setsOf(before as unknown as Decorated)
  const news = setsOf(after as unknown as Decorated)
  if (!olds || olds.length !== news?.length) return false
  return olds.every((old, i) => isSameElsewhere(old, news[i] ?? [], places))
}

type Entries = NonNullable<Decorated['children']>

/** What each set has in which blocks; undefined when there are other decorations than in blocks. */
function setsOf({ members, local, children }: Decorated): readonly Entries[] | undefined {
  if (!members) return local?.length === 0 && children ? [children] : undefined
  const sets: Entries[] = []
  for (const member of members) {
    const own = setsOf(member)
    if (!own) return undefined
    sets.push(...own)
  }
  return sets
}

function isSameElsewhere(olds: Entries, news: Entries, places: readonly ChangedPlace[]): boolean {
  let [i, j, shift, next] = [0, 0, 0, 0]
  for (;;) {
    const place = places[next]
    const old = olds[i] as number | undefined
    const now = news[j] as number | undefined
    const isBehind =
      place && (old ?? Infinity) >= place.startBefore && (now ?? Infinity) >= place.start
    if (isBehind) {
      // What a changed block has now is given to it.
      if (old === place.startBefore) i += 3
      if (now === place.start) j += 3
      shift = place.shift
      next += 1
      continue
    }
    if (old === undefined || now === undefined) return old === now
    if (old + shift !== now || !isSameSet(olds[i + 2], news[j + 2])) return false
    i += 3
    j += 3
  }
}

const isSameSet = (a: unknown, b: unknown): boolean =>
  a === b || (a as { eq(other: unknown): boolean }).eq(b)
