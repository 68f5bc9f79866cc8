export { type AttributesAt, setAttributesOfMany } from './attributes-step.ts'
export { changedChildren } from './changed-children.ts'
export {
  type Binding,
  type BindingOptions,
  type BindingState,
  createBinding,
} from './create-binding.ts'
export { lockedText } from './locked-content.ts'
export { normalizeTable } from './table-shape.ts'
export { tableCommand, tableEditingPlugin } from './tables.ts'
export { drawnEvent } from './update-in-place.ts'
export { isFromElsewhere } from './y-prosemirror.ts'
