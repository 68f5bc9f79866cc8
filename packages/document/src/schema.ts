/** The schema: what a document can hold. Names and attributes are a storage format; see `docs/adr/0003-flat-blocks.md`. */
import { type MarkSpec, type NodeSpec, Schema } from 'prosemirror-model'
import { fingerprintOf } from './fingerprint.ts'
import { marks } from './schema/marks.ts'
import { nodes } from './schema/nodes.ts'

export const schema: Schema = new Schema({ nodes: { ...nodes }, marks: { ...marks } })

/** The fingerprint of Quire's own schema. */
export const schemaFingerprint: string = /* @__PURE__ */ fingerprintOf(schema)

/** What something adds to what a document can hold. */
export interface ContentTypes {
  readonly nodes?: Readonly<Record<string, NodeSpec>> | undefined
  readonly marks?: Readonly<Record<string, MarkSpec>> | undefined
}

/**
 * Quire's schema with further nodes and marks behind its own; the schema itself when there are none. A
 * node says by its group where it may stand: `flow` among blocks, `inline` in a line. Throws a
 * RangeError for a name that is taken, and for what ProseMirror takes for no schema.
 */
export function schemaWith(additions: readonly ContentTypes[]): Schema {
  const all = { nodes: { ...nodes }, marks: { ...marks } }
  for (const added of additions) {
    for (const name of Object.keys({ ...added.nodes, ...added.marks })) {
      if (Object.hasOwn(all.nodes, name) || Object.hasOwn(all.marks, name)) {
        throw new RangeError(`the name ${name} is taken in the schema`)
      }
    }
    Object.assign(all.nodes, added.nodes)
    Object.assign(all.marks, added.marks)
  }
  const isOwn =
    Object.keys(all.nodes).length === Object.keys(nodes).length &&
    Object.keys(all.marks).length === Object.keys(marks).length
  return isOwn ? schema : new Schema(all)
}
