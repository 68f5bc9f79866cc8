/** Content with types of other features, for writers that know Quire's own only: of theirs the words stay. */
import { schema } from '@quire/document'
import { Fragment, type Mark, type Node } from 'prosemirror-model'

/** The document in Quire's own schema. What of it is not Quire's becomes text where it stood. */
export function knownContent(doc: Node): Node {
  return schema.node('doc', null, Fragment.from(blocksOf(doc)))
}

function blocksOf(parent: Node): Node[] {
  return parent.children.flatMap((node) => {
    const type = schema.nodes[node.type.name]
    if (type && !node.isTextblock) return [type.create(node.attrs, blocksOf(node))]
    if (type) return [type.create(node.attrs, inlineOf(node))]
    // A block of another feature: the blocks in it, or its words.
    if (node.childCount > 0 && !node.inlineContent) return blocksOf(node)
    return [schema.node('block', null, inlineOf(node))]
  })
}

function inlineOf(parent: Node): Node[] {
  if (parent.isLeaf) return parent.textContent === '' ? [] : [schema.text(parent.textContent)]
  return parent.children.flatMap((node) => {
    const marks = node.marks.flatMap(({ type, attrs }): Mark[] => {
      const known = schema.marks[type.name]
      return known ? [known.create(attrs)] : []
    })
    const type = schema.nodes[node.type.name]
    if (type && !node.isText) return [type.create(node.attrs, null, marks)]
    return node.textContent === '' ? [] : [schema.text(node.textContent, marks)]
  })
}
