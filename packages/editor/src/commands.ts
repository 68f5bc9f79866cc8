/**
 * The commands of an editor handle: what the toolbar does, by name, for host applications. Each
 * returns whether it applied, gives no focus, and does nothing in a view-only editor, but for `find`.
 */
import { isFontFamily, isFontPoints } from '@quire/document'
import type { Command } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { commandOf, type Edit } from './edit.ts'
import type { EditorContext } from './feature.ts'
import {
  indentBy,
  type KindAttributes,
  setAlign,
  setKind,
  toggleCodeBlock,
  toggleKind,
} from './features/blocks/set-kind.ts'
import { openFind } from './features/find/plugin.ts'
import { insertDivider, insertPageBreak } from './features/dividers/insert-divider.ts'
import { insertImage } from './features/images/insert-image.ts'
import { uploadImages } from './features/images/uploads.ts'
import { linkRange, unlink } from './features/links/commands.ts'
import { clearFormatting, setMarkValue, toggleMark } from './features/marks/commands.ts'
import { moveBlocks } from './features/moving/move-blocks.ts'
import { setCellAlign, tableCommands } from './features/tables/commands.ts'
import { insertTable } from './features/tables/insert-table.ts'
import { toggleSelectedTasks } from './features/tasks/toggle-task.ts'
import type { Align, BlockKind, PlainMark } from './shape.ts'

export interface EditorCommands {
  /** Gives the selected blocks a kind; `level` goes with headings, `tone` with callouts. */
  setKind(kind: BlockKind, attributes?: KindAttributes): boolean
  /** The same, or back to paragraphs when all selected blocks have it. */
  toggleKind(kind: BlockKind, attributes?: KindAttributes): boolean
  toggleCodeBlock(): boolean
  indent(): boolean
  outdent(): boolean
  setAlign(align: Align | null): boolean
  moveUp(): boolean
  moveDown(): boolean
  toggleTask(): boolean
  toggleMark(mark: PlainMark): boolean
  /** `#rrggbb`, or null for the colour of the theme. */
  setColor(color: string | null): boolean
  setHighlight(color: string | null): boolean
  /** The name of one font, or null for that of the document. False for what is no name. */
  setFont(family: string | null): boolean
  /** Whole points from 4 to 400, or null for the size of the block. */
  setFontSize(points: number | null): boolean
  clearFormatting(): boolean
  /** Links the selection (or writes the address as text). False for an address that is not safe. */
  setLink(href: string): boolean
  removeLink(): boolean
  insertDivider(): boolean
  /** Where a new page begins on paper. Not in a table. */
  insertPageBreak(): boolean
  insertImage(image: { src: string; alt?: string }): boolean
  uploadImages(files: readonly File[]): boolean
  insertTable(size: { rows: number; columns: number }): boolean
  addRowAbove(): boolean
  addRowBelow(): boolean
  addColumnBefore(): boolean
  addColumnAfter(): boolean
  deleteRow(): boolean
  deleteColumn(): boolean
  deleteTable(): boolean
  mergeCells(): boolean
  splitCell(): boolean
  toggleHeaderRow(): boolean
  toggleHeaderColumn(): boolean
  moveRowUp(): boolean
  moveRowDown(): boolean
  moveColumnLeft(): boolean
  moveColumnRight(): boolean
  /** Aligns the selected cells. */
  setCellAlign(align: Align | null): boolean
  /** Opens find and replace, with the selected words in it; takes the focus. In a view-only editor, too, without replace. */
  find(options?: { readonly replace?: boolean }): boolean
}

/** `#rrggbb` and nothing else: the document stores no other colours. */
const storedColor = /^#[0-9a-f]{6}$/i

/** Binds the commands to a view. */
export function createCommands(context: EditorContext, view: EditorView): EditorCommands {
  const run = (command: Command): boolean =>
    view.editable && command(view.state, view.dispatch, view)
  const edit = (change: Edit): boolean => run(commandOf(change))
  const color = (name: 'color' | 'highlight', value: string | null): boolean => {
    if (value !== null && !storedColor.test(value)) return false
    return run(setMarkValue(name, value === null ? null : { color: value.toLowerCase() }))
  }
  return {
    setKind: (kind, attributes) => edit(setKind(kind, attributes)),
    toggleKind: (kind, attributes) => edit(toggleKind(kind, attributes)),
    toggleCodeBlock: () => edit(toggleCodeBlock()),
    indent: () => edit(indentBy(1)),
    outdent: () => edit(indentBy(-1)),
    setAlign: (align) => edit(setAlign(align)),
    moveUp: () => edit(moveBlocks(-1, context.othersAt)),
    moveDown: () => edit(moveBlocks(1, context.othersAt)),
    toggleTask: () => edit(toggleSelectedTasks),
    toggleMark: (mark) => run(toggleMark(mark)),
    setColor: (value) => color('color', value),
    setHighlight: (value) => color('highlight', value),
    setFont: (family) =>
      (family === null || isFontFamily(family)) &&
      run(setMarkValue('font', family === null ? null : { family })),
    setFontSize: (points) =>
      (points === null || isFontPoints(points)) &&
      run(setMarkValue('font_size', points === null ? null : { points })),
    clearFormatting: () => run(clearFormatting),
    setLink: (href) => edit((tr) => linkRange(tr.selection.from, tr.selection.to, href)(tr)),
    removeLink: () => edit(unlink),
    insertDivider: () => edit(insertDivider),
    insertPageBreak: () => edit(insertPageBreak),
    insertImage: ({ src, alt }) => edit(insertImage(src, alt ?? null)),
    uploadImages: (files) => uploadImages(context, view, files),
    insertTable: ({ rows, columns }) => edit(insertTable(rows, columns)),
    addRowAbove: () => run(tableCommands.addRowAbove),
    addRowBelow: () => run(tableCommands.addRowBelow),
    addColumnBefore: () => run(tableCommands.addColumnBefore),
    addColumnAfter: () => run(tableCommands.addColumnAfter),
    deleteRow: () => run(tableCommands.deleteRow),
    deleteColumn: () => run(tableCommands.deleteColumn),
    deleteTable: () => run(tableCommands.deleteTable),
    mergeCells: () => run(tableCommands.mergeCells),
    splitCell: () => run(tableCommands.splitCell),
    toggleHeaderRow: () => run(tableCommands.toggleHeaderRow),
    toggleHeaderColumn: () => run(tableCommands.toggleHeaderColumn),
    moveRowUp: () => run(tableCommands.moveRowUp),
    moveRowDown: () => run(tableCommands.moveRowDown),
    moveColumnLeft: () => run(tableCommands.moveColumnLeft),
    moveColumnRight: () => run(tableCommands.moveColumnRight),
    setCellAlign: (align) => run(setCellAlign(align)),
    find: (options) => openFind(view, { replace: options?.replace ?? false }),
  }
}
