/**
 * Changing what blocks are. Kind, level, indent and alignment are attribute writes on the block that
 * is there, so somebody typing in it loses nothing. Only code blocks, whose content differs, are
 * replaced.
 */
import { Fragment, type Node } from 'prosemirror-model'
import { TextSelection, type Transaction } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { selectedBlocks, selectedTextblocks, writeAttributesOfAll } from '../../selected-blocks.ts'
import {
  type Align,
  type BlockAttributes,
  type BlockKind,
  indentMax,
  isNode,
  nodeTypeIn,
} from '../../shape.ts'

export type KindAttributes = Partial<Pick<BlockAttributes, 'level' | 'checked' | 'tone' | 'indent'>>

/** Gives every selected text block this kind. False when no text block is selected. */
export function setKind(kind: BlockKind, attributes: KindAttributes = {}): Edit {
  return (tr) => {
    const blocks = selectedTextblocks(tr)
    if (blocks.length === 0) return false
    const begunCount = tr.steps.length
    // Backwards, because turning a code block into a block may change sizes behind it.
    for (const { node, pos } of blocks.toReversed()) {
      if (isNode(node, 'code_block')) codeToBlock(tr, pos)
    }
    const sizes = tr.mapping.slice(begunCount)
    const changes = blocks.map(({ node, pos }) => {
      // A task is always new and open; nothing that was ticked earlier shows through.
      const cleared = kind === 'task' && node.attrs['checked'] ? { checked: null } : {}
      return { pos: sizes.map(pos, -1), attributes: { kind, ...cleared, ...attributes } }
    })
    writeAttributesOfAll(tr, changes)
    return true
  }
}

/** Gives the selected blocks this kind, or makes them paragraphs when they all have it already. */
export function toggleKind(kind: BlockKind, attributes: KindAttributes = {}): Edit {
  return (tr) => {
    const isOn = isKind(
      selectedTextblocks(tr).map(({ node }) => node),
      kind,
      attributes,
    )
    return isOn ? setKind('paragraph')(tr) : setKind(kind, attributes)(tr)
  }
}

/** Whether all of `blocks` (at least one) have this kind and these attributes. */
export function isKind(
  blocks: readonly Node[],
  kind: BlockKind,
  attributes: KindAttributes,
): boolean {
  return (
    blocks.length > 0 &&
    blocks.every(
      (node) =>
        isNode(node, 'block') &&
        node.attrs['kind'] === kind &&
        Object.entries(attributes).every(([name, value]) => node.attrs[name] === value),
    )
  )
}

/** Moves the selected blocks `by` steps in or out, between 0 and the deepest indent. True when a block is selected, so that Tab stays in the text. */
export function indentBy(by: 1 | -1): Edit {
  return (tr) => {
    const blocks = selectedBlocks(tr)
    const changes = blocks.map(({ node, pos }) => {
      const indent = Math.min(indentMax, Math.max(0, Number(node.attrs['indent']) + by))
      return { pos, attributes: { indent } }
    })
    writeAttributesOfAll(tr, changes)
    return blocks.length > 0
  }
}

/** Aligns the selected blocks; null is the direction of the text. */
export function setAlign(align: Align | null): Edit {
  return (tr) => {
    const blocks = selectedBlocks(tr)
    writeAttributesOfAll(
      tr,
      blocks.map(({ pos }) => ({ pos, attributes: { align } })),
    )
    return blocks.length > 0
  }
}

/** Replaces the code block at `pos` by a paragraph of the same length: lines become hard breaks. */
function codeToBlock(tr: Transaction, pos: number): void {
  const code = tr.doc.nodeAt(pos)
  if (!code) return
  const { anchor, head } = tr.selection
  const content: Node[] = []
  code.textContent.split('\n').forEach((line, index) => {
    if (index > 0) content.push(nodeTypeIn(tr, 'hard_break').create())
    if (line) content.push(code.type.schema.text(line))
  })
  const block = nodeTypeIn(tr, 'block').create(null, Fragment.from(content))
  tr.replaceWith(pos, pos + code.nodeSize, block)
  keepSelection(tr, anchor, head)
}

/** Turns the selected blocks into one code block (neighbours join, a line each), or back when they are code. */
export function toggleCodeBlock(): Edit {
  return (tr) => {
    const blocks = selectedTextblocks(tr)
    const first = blocks[0]
    const last = blocks.at(-1)
    if (!first || !last) return false
    if (blocks.every(({ node }) => isNode(node, 'code_block'))) return setKind('paragraph')(tr)

    const $first = tr.doc.resolve(first.pos)
    const end = last.pos + last.node.nodeSize
    const areNeighbours =
      tr.doc.resolve(end).parent === $first.parent &&
      end - first.pos === blocks.reduce((size, { node }) => size + node.nodeSize, 0)
    const { anchor, head } = tr.selection
    if (areNeighbours && blocks.length > 1) {
      const text = blocks.map(({ node }) => plainText(node)).join('\n')
      tr.replaceWith(first.pos, end, codeBlockOf(tr, text))
      tr.setSelection(TextSelection.create(tr.doc, first.pos + 1 + text.length))
      return true
    }
    for (const { node, pos } of blocks.reverse()) {
      tr.replaceWith(pos, pos + node.nodeSize, codeBlockOf(tr, plainText(node)))
    }
    keepSelection(tr, anchor, head)
    return true
  }
}

function codeBlockOf(tr: Transaction, text: string): Node {
  const type = nodeTypeIn(tr, 'code_block')
  return type.create(null, text ? type.schema.text(text) : null)
}

/** The text of a block with hard breaks as line feeds. */
export function plainText(block: Node): string {
  return block.textBetween(
    0,
    block.content.size,
    '\n',
    (leaf) => leaf.type.spec.leafText?.(leaf) ?? '',
  )
}

/** Puts the selection back to the same numbers after a replacement of (about) the same size. */
function keepSelection(tr: Transaction, anchor: number, head: number): void {
  const { size } = tr.doc.content
  const at = (pos: number) => tr.doc.resolve(Math.min(pos, size))
  tr.setSelection(TextSelection.between(at(anchor), at(head)))
}
