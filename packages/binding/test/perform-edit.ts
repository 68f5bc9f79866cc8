/** Performs an edit that `drawEdit` drew, the way the editor would: by commands and transactions of a view. */
import { schema } from '@quire/document'
import type { RandomEdit, TableEdit } from '@quire/testkit'
import { unreachable } from '@quire/base'
import { joinBackward, splitBlock } from 'prosemirror-commands'
import type { Node } from 'prosemirror-model'
import { type Command, NodeSelection, Selection, TextSelection } from 'prosemirror-state'
import {
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  cellAround,
  deleteColumn,
  deleteRow,
  deleteTable,
  inSameTable,
  mergeCells,
  splitCell,
} from 'prosemirror-tables'
import { tableCommand } from '../src/index.ts'
import type { Peer } from './peers.ts'
import type { Letters } from './survival.ts'

const tableCommands: Readonly<Record<TableEdit, Command>> = {
  addRowBefore: tableCommand(addRowBefore),
  addRowAfter: tableCommand(addRowAfter),
  addColumnBefore: tableCommand(addColumnBefore),
  addColumnAfter: tableCommand(addColumnAfter),
  deleteRow: tableCommand(deleteRow),
  deleteColumn: tableCommand(deleteColumn),
  deleteTable,
  splitCell: tableCommand(splitCell),
  toggleHeaderRow,
}

/** Does `edit` in the view of `peer`; false when it does not apply there. What is pasted gets new letters. */
export function perform(peer: Peer, edit: RandomEdit, letters?: Letters): boolean {
  const { content } = peer
  switch (edit.kind) {
    case 'type':
      if (!content.resolve(edit.at).parent.inlineContent) return false
      peer.edit((tr) => tr.insertText(edit.text, edit.at))
      return true
    case 'delete':
      peer.edit((tr) => tr.deleteRange(edit.from, edit.to))
      return true
    case 'delete-all':
      peer.edit((tr) => tr.delete(0, tr.doc.content.size))
      return true
    case 'mark':
      peer.edit((tr) =>
        edit.isOn
          ? tr.addMark(edit.from, edit.to, schema.mark(edit.mark, edit.attrs))
          : tr.removeMark(edit.from, edit.to, schema.marks[edit.mark]),
      )
      return true
    case 'blocks':
      peer.edit((tr) => {
        content.nodesBetween(edit.from, edit.to, (node, pos) => {
          if (node.type.name !== 'block') return
          for (const [name, value] of Object.entries(edit.attrs)) {
            if (node.attrs[name] !== value) tr.setNodeAttribute(pos, name, value)
          }
        })
        return tr
      })
      return true
    case 'code':
      return setCode(peer, edit.at)
    case 'split':
      return at(peer, edit.at, splitBlock)
    case 'join': {
      const $at = content.resolve(edit.at)
      return $at.parent.isTextblock && at(peer, $at.start(), joinBackward)
    }
    case 'move':
      return move(peer, edit.index, edit.gap, edit.count ?? 1)
    case 'insert':
      peer.edit((tr) => tr.insert(gapAt(tr.doc, edit.gap), schema.nodeFromJSON(edit.node)))
      return true
    case 'break':
      if (content.resolve(edit.at).parent.type.name !== 'block') return false
      peer.edit((tr) => tr.insert(edit.at, schema.node('hard_break')))
      return true
    case 'atom':
      if (content.resolve(edit.at).parent.type.name !== 'block') return false
      peer.edit((tr) => tr.insert(edit.at, schema.nodeFromJSON(edit.node)))
      return true
    case 'image-width': {
      const pos = firstOf(content, 'image')
      if (pos === undefined) return false
      peer.edit((tr) => tr.setNodeAttribute(pos, 'width', edit.width))
      return true
    }
    case 'table':
      return near(peer, edit.at) && peer.run(tableCommands[edit.edit])
    case 'merge-cells':
      return selectCells(peer, edit.anchor, edit.head) && peer.run(tableCommand(mergeCells))
    case 'paste': {
      const copied = content.slice(edit.sliceFrom, edit.sliceTo)
      const slice = letters ? letters.inSlice(copied) : copied
      peer.edit((tr) => tr.replaceRange(edit.from, edit.to, slice))
      return true
    }
    case 'select':
      peer.edit((tr) =>
        tr.setSelection(
          TextSelection.between(tr.doc.resolve(edit.anchor), tr.doc.resolve(edit.head)),
        ),
      )
      return true
    case 'select-node': {
      const pos = gapAt(content, edit.index)
      const node = content.nodeAt(pos)
      if (!node || !NodeSelection.isSelectable(node)) return false
      peer.selectNode(pos)
      return true
    }
    case 'select-cells':
      return selectCells(peer, edit.anchor, edit.head)
    case 'undo':
      return peer.run(peer.binding.undo)
    case 'redo':
      return peer.run(peer.binding.redo)
    default:
      return unreachable(edit)
  }
}

function gapAt(doc: Node, index: number): number {
  let pos = 0
  for (let i = 0; i < Math.min(index, doc.childCount); i++) pos += doc.child(i).nodeSize
  return pos
}

function firstOf(doc: Node, type: string): number | undefined {
  let found: number | undefined
  doc.descendants((node, pos) => {
    if (found === undefined && node.type.name === type) found = pos
    return found === undefined
  })
  return found
}

/** Puts the caret near a position. */
function near(peer: Peer, pos: number): boolean {
  peer.edit((tr) => tr.setSelection(Selection.near(tr.doc.resolve(pos))))
  return true
}

function at(peer: Peer, pos: number, command: Command): boolean {
  if (!peer.content.resolve(pos).parent.inlineContent) return false
  peer.select(pos)
  return peer.run(command)
}

/** As the editor drags blocks: taken out and put in by one transaction. */
function move(peer: Peer, index: number, gap: number, count: number): boolean {
  const { content } = peer
  if (content.childCount <= count || (gap >= index && gap <= index + count)) return false
  const from = gapAt(content, index)
  const end = gapAt(content, index + count)
  const to = gapAt(content, gap)
  const nodes = content.slice(from, end).content
  peer.edit((tr) => {
    tr.delete(from, end)
    return tr.insert(tr.mapping.map(to), nodes)
  })
  return true
}

function setCode(peer: Peer, pos: number): boolean {
  const { content } = peer
  const $at = content.resolve(pos)
  const isCode = $at.parent.type.name === 'code_block'
  if (!isCode && $at.parent.type.name !== 'block') return false
  peer.edit((tr) => {
    const type = schema.nodes[isCode ? 'block' : 'code_block']
    return type ? tr.setBlockType($at.start(), $at.end(), type) : tr
  })
  return true
}

/** The editor's own: `header` is an attribute, so no cell is replaced. */
function toggleHeaderRow(...[state, dispatch]: Parameters<Command>): boolean {
  const cell = cellAround(state.selection.$head)
  if (!cell) return false
  const table = cell.node(-1)
  const start = cell.start(-1)
  const row = table.firstChild
  if (!row) return false
  const { tr } = state
  const header = row.firstChild?.attrs['header'] === true ? null : true
  row.forEach((_cell, offset) => tr.setNodeAttribute(start + 1 + offset, 'header', header))
  dispatch?.(tr)
  return true
}

function selectCells(peer: Peer, anchor: number, head: number): boolean {
  const $anchor = cellAround(peer.content.resolve(anchor))
  const $head = cellAround(peer.content.resolve(head))
  if (!$anchor || !$head || !inSameTable($anchor, $head)) return false
  peer.selectCells($anchor.pos, $head.pos)
  return true
}
