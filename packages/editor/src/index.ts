/** The front door of `@quire/editor`. */
export type { EditorCommands } from './commands.ts'
export {
  createEditor,
  type Editor,
  type EditorEvents,
  type EditorOptions,
  type EditorUser,
  type LockedExtent,
} from './create-editor.ts'
export type { Font, Theme, ToolbarPlace } from './editor-frame.ts'
export type { Upload } from './feature.ts'
export type { Counts } from './features/counts/counts.ts'
export type { OutlineEntry } from './features/outline/outline.ts'
export type { KindAttributes } from './features/blocks/set-kind.ts'
export type { Align, BlockKind, PlainMark } from './shape.ts'
