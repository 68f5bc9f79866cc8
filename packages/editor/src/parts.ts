/**
 * What a page fetches when somebody first needs it: dialogs, palettes, menus, and the bars at what is
 * selected. One file, so that it is there as a whole once any of it was needed. What is pressed or typed
 * from the first moment on is not here.
 */
export { mountBlockHandle } from './features/block-handle/block-handle.ts'
export { mountCalloutBar } from './features/callouts/callout-bar.ts'
export { mountCodeBar } from './features/code/code-bar.ts'
export { openColorPopover } from './features/colors/color-popover.ts'
export { openCounts } from './features/counts/count-dialog.ts'
export { createFindBar } from './features/find/find-bar.ts'
export { openFontPanel } from './features/fonts/font-panel.ts'
export { giveTaken, pressBrush, takeFormat } from './features/format-painter/format-painter.ts'
export { mountImageBar } from './features/images/image-bar.ts'
export { openImageDialog } from './features/images/image-dialog.ts'
export { mountLinkBar } from './features/links/link-bar.ts'
export { openLinkEditor } from './features/links/link-editor.ts'
export { mountSelectionBar } from './features/selection-bar/selection-bar.ts'
export { openMathEditor, openNewMath } from './features/math/math-editor.ts'
export { openShortcuts } from './features/shortcuts/shortcut-sheet.ts'
export { findMentions } from './features/mentions/find-mentions.ts'
export { putCells } from './features/paste/put-cells.ts'
export { readMarkdown } from './features/paste/read-markdown.ts'
export { filterItems, slashItems } from './features/slash-menu/items.ts'
export { openTablePicker } from './features/tables/size-picker.ts'
export { mountTableBar } from './features/tables/table-bar.ts'
export { toolbarEntries } from './features/toolbar/toolbar-entries.ts'
