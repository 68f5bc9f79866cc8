/** The schema: what a document can hold. Names and attributes are a storage format; see `docs/adr/0003-flat-blocks.md`. */
import { Schema } from 'prosemirror-model'
import { marks } from './schema/marks.ts'
import { nodes } from './schema/nodes.ts'

export const schema: Schema = new Schema({ nodes: { ...nodes }, marks: { ...marks } })

/**
 * The names of all nodes, marks and attributes as one line: equal for two clients that understand the
 * same documents. A client that meets something that is not in it must not edit around it.
 */
export const schemaFingerprint: string = [
  ...Object.entries(schema.nodes).filter(([, { spec }]) => spec['isPlaceholder'] !== true),
  ...Object.entries(schema.marks),
]
  .map(
    ([name, type]) =>
      `${name}(${Object.keys(type.spec.attrs ?? {})
        .sort()
        .join(',')})`,
  )
  .sort()
  .join(' ')
