/** Shared documents for tests: made of nodes, read back as bytes and keys. */
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { contentOf, schema } from '../src/index.ts'
import { keyOf, type Part } from '../src/states/content-tree.ts'
import { makeEqual } from '../src/states/make-equal.ts'
import { type JsonNode, partsOf } from '../src/states/tree-json.ts'

/** What an editor stores of a node: without what is not set. */
export function jsonFrom(node: Node): JsonNode {
  const json = node.toJSON() as JsonNode
  const clean = ({ type, attrs = {}, content, text, marks }: JsonNode): JsonNode => {
    const set = Object.entries(attrs).filter(([, value]) => value !== null)
    return {
      type,
      ...(set.length > 0 && { attrs: Object.fromEntries(set) }),
      ...(content && { content: content.map(clean) }),
      ...(text !== undefined && { text }),
      ...(marks && { marks: marks.toSorted((a, b) => (a.type < b.type ? -1 : 1)) }),
    }
  }
  return clean(json)
}

/** A shared document that says `node`. */
export function shared(node: Node): Y.Doc {
  const doc = new Y.Doc()
  doc.transact(() => makeEqual(contentOf(doc), partsOf(jsonFrom(node))))
  return doc
}

export const bytesOf = (doc: Y.Doc): { readonly updates: Uint8Array[] } => ({
  updates: [Y.encodeStateAsUpdate(doc)],
})
export const keysOf = (parts: readonly Part[]): string[] => parts.map(keyOf)
export const paragraphs = (...texts: string[]): Node =>
  schema.node(
    'doc',
    null,
    texts.map((text) => schema.node('block', null, text === '' ? [] : [schema.text(text)])),
  )
export const textIn = (doc: Y.Doc, at: number): Y.XmlText => {
  const text = blocksOf(doc)[at]?.get(0)
  if (!(text instanceof Y.XmlText)) throw new Error(`block ${at} has no text`)
  return text
}
export const blocksOf = (doc: Y.Doc): Y.XmlElement[] =>
  contentOf(doc)
    .toArray()
    .filter((child) => child instanceof Y.XmlElement)
