/**
 * `@quire/document/states`: stored documents read, compared and edited without an editor. Loads Yjs; a
 * server goes through this door in its worker threads, never on its event loop.
 */
export type { ElementPart, Part, TextPart, TextRun } from './content-tree.ts'
export type { PartChange } from './diff-states.ts'
export { type Edit, editState } from './edit-state.ts'
export {
  diffStates,
  extractText,
  type RenderFormat,
  renderFormats,
  renderState,
} from './read-state.ts'
export { type StateBytes, StateError } from './shared-state.ts'
export type { TextChange } from './text-diff.ts'
export type { JsonNode } from './tree-json.ts'
