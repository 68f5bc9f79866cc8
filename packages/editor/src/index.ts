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
export { schemaHashOf } from './compose-features.ts'
export type { Edit } from './edit.ts'
export type { EditorContext, Feature, SlashItem, Upload } from './feature.ts'
export type { Mention, Mentions, Suggested } from './features/mentions/mentions.ts'
export type { Suggestion, Trigger } from './features/suggest/trigger.ts'
export type { ToolbarItem } from './features/toolbar/toolbar-item.ts'
export type { ToolbarState } from './features/toolbar/toolbar-state.ts'
export type { Icon } from './ui/icon.ts'
export type { Counts } from './features/counts/counts.ts'
export type { OutlineEntry } from './features/outline/outline.ts'
export type { KindAttributes } from './features/blocks/set-kind.ts'
export type { Align, BlockKind, PlainMark } from './shape.ts'
