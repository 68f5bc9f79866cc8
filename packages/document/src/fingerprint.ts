/**
 * What a schema knows, as words and as a number: equal for two clients that understand the same
 * documents. Says nothing of how content looks or where it may stand.
 */
import type { AttributeSpec, MarkType, NodeType, Schema } from 'prosemirror-model'

type Attributes = Readonly<Record<string, AttributeSpec>>

/**
 * The names of all nodes, marks and attributes as one line. A client that meets something that is not
 * in it must not edit around it.
 */
export function fingerprintOf(schema: Schema): string {
  return lineOf(schema, (attributes) => Object.keys(attributes).sort().join(','))
}

/**
 * What a client says of its schema on the wire: 16 hexadecimal digits that differ when the fingerprint
 * does, or the words that an attribute may be. Tells schemas apart that differ by accident; whoever
 * wants to can make two that have the same.
 */
export function schemaHash(schema: Schema): string {
  const line = lineOf(schema, (attributes) =>
    Object.entries(attributes)
      .map(([name, { validate }]) => [name, ...wordsOf(validate)].join('='))
      .sort()
      .join(','),
  )
  // FNV-1a of 64 bits.
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(line)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return hash.toString(16).padStart(16, '0')
}

function lineOf(schema: Schema, attributesOf: (attributes: Attributes) => string): string {
  const types: readonly (readonly [string, NodeType | MarkType])[] = [
    ...Object.entries(schema.nodes).filter(([, { spec }]) => spec['isPlaceholder'] !== true),
    ...Object.entries(schema.marks),
  ]
  return types
    .map(([name, { spec }]) => `${name}(${attributesOf(spec.attrs ?? {})})`)
    .sort()
    .join(' ')
}

/** The words of a check for one of a list (`oneOf`); none for any other check. */
function wordsOf(validate: AttributeSpec['validate']): readonly string[] {
  return typeof validate === 'function' && 'words' in validate
    ? [...(validate.words as readonly string[])].sort()
    : []
}
