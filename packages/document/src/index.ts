export { hrefCharsMax, safeHref, safeImageSource } from './link.ts'
export { contentOf, documentFormat, metaOf, movesOf } from './roots.ts'
export {
  type Align,
  aligns,
  type BlockKind,
  blockKinds,
  type Direction,
  fontPointsMax,
  fontPointsMin,
  headingLevelMax,
  indentMax,
  isFontFamily,
  isFontPoints,
  readColor,
  type Tone,
  tones,
} from './schema/attributes.ts'
export type { BlockAttributes } from './schema/block.ts'
export { toggleEnd } from './schema/toggle.ts'
export { texCharsMax, texOf } from './schema/math.ts'
export { mentionCharsMax } from './schema/mention.ts'
export { fontStack } from './schema/marks.ts'
export { schemaHash } from './fingerprint.ts'
export { type ContentTypes, schema, schemaFingerprint, schemaWith } from './schema.ts'
export { seedClientId, seedUpdate } from './seed.ts'
