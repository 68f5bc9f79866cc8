/**
 * Finding what the view shows of a place, and the place of what it shows, by the document's own list of
 * blocks. ProseMirror counts through its descriptions of all blocks for it: to put the caret, to scroll
 * to it, to read what was typed, several times for each key. Draws nothing.
 *
 * 1. Every answer is ProseMirror's: blocks are found here, and asked themselves.
 * 2. Where descriptions and blocks are not one to one (widgets between blocks, blocks under marks), and
 *    for places between blocks, ProseMirror looks by itself.
 */
import type { Node } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'
import { startOfBlock } from './block-places.ts'

interface DomPlace {
  readonly node: globalThis.Node
  readonly offset: number
}

/** What prosemirror-view does not promise: its description of what is on screen. */
export interface Described {
  /** Of blocks, and what else is a node. */
  readonly node?: Node
  readonly children: readonly Described[]
  /** What its tokens take at either end. */
  readonly border: number
  posBeforeChild(child: Described): number
  setSelection(anchor: number, head: number, view: EditorView, force?: boolean): void
  domFromPos(pos: number, side: number): DomPlace
  descAt(pos: number): Described | undefined
}

/** Teaches the description of a whole document. Tell the returned function when ProseMirror begins to change its list of children (`true`), and when it is done. */
export function findByBlocks(docView: Described): (isChanging: boolean) => void {
  const posBeforeChild = docView.posBeforeChild.bind(docView)
  const setSelection = docView.setSelection.bind(docView)
  const domFromPos = docView.domFromPos.bind(docView)
  const descAt = docView.descAt.bind(docView)
  /** Unknown until somebody asks. */
  let isOneToOne: boolean | undefined
  /** The document, when each of its blocks has one description. */
  const described = (): Node | undefined => {
    const { node, children } = docView
    isOneToOne ??= node?.childCount === children.length && children.every((child) => child.node)
    return isOneToOne ? node : undefined
  }
  /** The block that a stretch lies in, tokens of the block not counted, and where that begins. */
  const around = (from: number, to: number): { block: Described; start: number } | undefined => {
    const doc = described()
    if (!doc || from <= 0 || to >= doc.content.size) return undefined
    const { index, offset, node } = doc.childAfter(from)
    const block = docView.children[index]
    if (!node || !block || from === offset || to >= offset + node.nodeSize) return undefined
    return { block, start: offset + block.border }
  }
  docView.posBeforeChild = (child) => {
    const doc = described()
    const index = doc ? docView.children.indexOf(child) : -1
    return doc && index >= 0 ? startOfBlock(doc, index) : posBeforeChild(child)
  }
  docView.setSelection = (anchor, head, view, force) => {
    const found = around(Math.min(anchor, head), Math.max(anchor, head))
    if (!found) return setSelection(anchor, head, view, force)
    const { block, start } = found
    return block.setSelection(anchor - start, head - start, view, force)
  }
  docView.domFromPos = (pos, side) => {
    const found = around(pos, pos)
    return found ? found.block.domFromPos(pos - found.start, side) : domFromPos(pos, side)
  }
  docView.descAt = (pos) => {
    const doc = described()
    if (!doc || pos < 0 || pos >= doc.content.size) return descAt(pos)
    const { index, offset } = doc.childAfter(pos)
    const block = docView.children[index]
    if (!block || block.border === 0) return descAt(pos)
    return pos === offset ? block : block.descAt(pos - offset - block.border)
  }
  return (isChanging) => {
    isOneToOne = isChanging ? false : undefined
  }
}
