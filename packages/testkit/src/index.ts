export {
  bold,
  br,
  callout,
  cell,
  code,
  color,
  type Draft,
  divider,
  doc,
  h,
  highlight,
  type Inline,
  image,
  inlineCode,
  italic,
  li,
  link,
  type Marked,
  type NamedDoc,
  ol,
  p,
  quote,
  row,
  show,
  strike,
  sub,
  sup,
  table,
  task,
  th,
  toggle,
  underline,
} from './doc-notation.ts'
export { createManualClock, type ManualClock } from './manual-clock.ts'
export { newerInstead } from './newer-edits.ts'
export { drawEdit, type RandomEdit, type TableEdit } from './random-edits.ts'
export { createSeededRandom, type SeededRandom } from './seeded-random.ts'
export { until } from './until.ts'
