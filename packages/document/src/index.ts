export { hrefCharsMax, safeHref, safeImageSource } from './link.ts'
export { contentOf, documentFormat, metaOf, movesOf } from './roots.ts'
export {
  type Align,
  aligns,
  type BlockKind,
  blockKinds,
  type Direction,
  headingLevelMax,
  indentMax,
  readColor,
  type Tone,
  tones,
} from './schema/attributes.ts'
export type { BlockAttributes } from './schema/block.ts'
export { schemaHash } from './fingerprint.ts'
export { type ContentTypes, schema, schemaFingerprint, schemaWith } from './schema.ts'
export { seedClientId, seedUpdate } from './seed.ts'
