export {
  type Binding,
  type BindingOptions,
  type BindingState,
  createBinding,
} from './create-binding.ts'
export { lockedText } from './locked-content.ts'
export { normalizeTables, tableCommand } from './tables.ts'
