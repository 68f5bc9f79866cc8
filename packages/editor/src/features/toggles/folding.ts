/**
 * Which toggles are open, on this screen. Opening one is reading, not editing: it is neither stored nor
 * told to colleagues, and who may only read can do it. In a document that is opened all are closed.
 *
 * 1. The caret is never in what is hidden: where it goes, toggles open.
 * 2. A toggle stays open or closed while anybody edits around it.
 * 3. In a document without toggles there are no decorations: long documents rely on it.
 */
import { changedChildren } from '@quire/binding'
import { toggleEnd } from '@quire/document'
import type { Node } from 'prosemirror-model'
import {
  type EditorState,
  Plugin,
  PluginKey,
  TextSelection,
  type Transaction,
} from 'prosemirror-state'
import { Decoration, DecorationSet, type NodeView } from 'prosemirror-view'
import { isNode } from '../../shape.ts'
import { ToggleView } from './toggle-view.ts'

interface Folding {
  /** The positions before the toggles that are open. */
  readonly open: ReadonlySet<number>
  readonly decorations: DecorationSet
}

interface FoldingMeta {
  readonly pos: number
  readonly isOpen: boolean
}

const foldingKey = new PluginKey<Folding>('quire-folding')

export const isToggle = (node: Node | null | undefined): boolean =>
  isNode(node, 'block') && node.attrs['kind'] === 'toggle'

export const isOpenAt = (state: EditorState, pos: number): boolean =>
  foldingKey.getState(state)?.open.has(pos) ?? false

/** Opens or closes the toggle at `pos`. A caret in what is hidden then goes to its line. */
export function fold(tr: Transaction, pos: number, isOpen: boolean): Transaction {
  const toggle = tr.doc.nodeAt(pos)
  if (!toggle || !isToggle(toggle)) return tr
  const lineEnd = pos + 1 + toggle.content.size
  const { from, to } = tr.selection
  const end = endOfToggle(tr.doc, pos)
  if (!isOpen && to > lineEnd && from < end) {
    tr.setSelection(TextSelection.create(tr.doc, lineEnd))
  }
  return tr.setMeta(foldingKey, { pos, isOpen } satisfies FoldingMeta)
}

/** Where what belongs to the toggle at `pos` ends. */
export function endOfToggle(doc: Node, pos: number): number {
  const $pos = doc.resolve(pos)
  const last = toggleEnd($pos.parent, $pos.index())
  let end = pos
  for (let at = $pos.index(); at < last; at++) end += $pos.parent.child(at).nodeSize
  return end
}

export function foldingPlugin(): Plugin<Folding> {
  return new Plugin<Folding>({
    key: foldingKey,
    state: {
      init: (_, state) => folded(state, new Set()),
      apply(tr, folding, before, state) {
        const meta = tr.getMeta(foldingKey) as FoldingMeta | undefined
        if (!tr.docChanged && !tr.selectionSet && !meta) return folding
        const open = tr.docChanged ? mapped(folding.open, tr) : new Set(folding.open)
        if (meta?.isOpen) open.add(meta.pos)
        else if (meta) open.delete(meta.pos)
        for (const pos of closedAround(state, open)) open.add(pos)
        const isSame =
          open.size === folding.open.size && [...open].every((pos) => folding.open.has(pos))
        if (isSame && !tr.docChanged) return folding
        if (isSame && isOnlyWords(before.doc, state.doc)) {
          const decorations = folding.decorations.map(tr.mapping, state.doc)
          return { open: folding.open, decorations }
        }
        return folded(state, isSame ? folding.open : open)
      },
    },
    view: () => ({
      update(view, before) {
        if (foldingKey.getState(view.state)?.open === foldingKey.getState(before)?.open) return
        // Carets of colleagues are looked at anew when a browser says that something came into layout or went.
        view.dom.dispatchEvent(new Event('contentvisibilityautostatechange'))
      },
    }),
    props: {
      decorations: (state) => foldingKey.getState(state)?.decorations,
      nodeViews: {
        block: (node, _view, _getPos, decorations) =>
          // Null asks for what the schema says, which the types do not know.
          isToggle(node) ? new ToggleView(node, decorations) : (null as unknown as NodeView),
      },
      handleDOMEvents: {
        mousedown: (_view, event) => {
          if (buttonOf(event) === null) return false
          // The caret stays where it is, and no keyboard comes up on phones.
          event.preventDefault()
          return true
        },
        click(view, event) {
          const line = buttonOf(event)?.closest('[data-kind="toggle"]')
          if (!line || !view.dom.contains(line)) return false
          event.preventDefault()
          const $in = view.state.doc.resolve(view.posAtDOM(line, 0))
          const pos = $in.depth > 0 ? $in.before() : $in.pos
          view.dispatch(fold(view.state.tr, pos, !isOpenAt(view.state, pos)))
          return true
        },
      },
    },
  })
}

function buttonOf({ target }: Event): Element | null {
  return target instanceof Element ? target.closest('[data-toggle-button]') : null
}

/** Those of `open` that are toggles still, where they are now. */
function mapped(open: ReadonlySet<number>, tr: Transaction): Set<number> {
  const moved = new Set<number>()
  for (const pos of open) {
    const { pos: after, deletedAfter } = tr.mapping.mapResult(pos, 1)
    // A block that is drawn anew stands where the old one stood.
    const now = deletedAfter ? tr.mapping.map(pos, -1) : after
    if (isToggle(tr.doc.nodeAt(now))) moved.add(now)
  }
  return moved
}

/** The closed toggles that hide an end of the selection. */
function closedAround({ selection }: EditorState, open: ReadonlySet<number>): number[] {
  const found: number[] = []
  for (const $end of [selection.$from, selection.$to]) {
    for (let depth = $end.depth; depth > 0; depth--) {
      const parent = $end.node(depth - 1)
      let pos = $end.before(depth)
      for (let index = $end.index(depth - 1) - 1; index >= 0; index--) {
        const child = parent.child(index)
        pos -= child.nodeSize
        if (!isNode(child, 'block')) continue
        if (isToggle(child) && !open.has(pos) && toggleEnd(parent, index) > $end.index(depth - 1)) {
          found.push(pos)
        }
        // Nothing before a block at the edge reaches beyond it.
        if (child.attrs['indent'] === 0) break
      }
    }
  }
  return found
}

/** Whether two documents have the same blocks but for what is written in them. */
function isOnlyWords(before: Node, after: Node): boolean {
  if (before.childCount !== after.childCount) return false
  const { left, right } = changedChildren(before, after)
  for (let index = left; index < after.childCount - right; index++) {
    const [old, block] = [before.child(index), after.child(index)]
    if (block !== old && !(block.isTextblock && block.sameMarkup(old))) return false
  }
  return true
}

function folded(state: EditorState, open: ReadonlySet<number>): Folding {
  const decorations: Decoration[] = []
  foldIn(state.doc, 0, open, decorations)
  return {
    open,
    decorations:
      decorations.length === 0 ? DecorationSet.empty : DecorationSet.create(state.doc, decorations),
  }
}

function foldIn(
  parent: Node,
  start: number,
  open: ReadonlySet<number>,
  decorations: Decoration[],
): void {
  let hiddenUntil = 0
  let pos = start
  for (let index = 0; index < parent.childCount; index++) {
    const child = parent.child(index)
    const end = pos + child.nodeSize
    if (index < hiddenUntil) decorations.push(Decoration.node(pos, end, { class: 'is-folded' }))
    else if (isToggle(child)) {
      if (open.has(pos)) decorations.push(Decoration.node(pos, end, { class: 'is-open' }, openSpec))
      else hiddenUntil = toggleEnd(parent, index)
    } else if (child.type.spec['tableRole'] !== undefined) foldIn(child, pos + 1, open, decorations)
    pos = end
  }
}

/** By it a view of a toggle knows that it is open. */
const openSpec = { isOpenToggle: true }
