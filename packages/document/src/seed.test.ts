import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { contentOf, documentFormat, metaOf, schema, seedClientId, seedUpdate } from './index.ts'

const base64 =
  'AQUBAAcBB2NvbnRlbnQDBWJsb2NrKAABAARraW5kAXcJcGFyYWdyYXBoKAABAAZpbmRlbnQBfQAHAAEABigBBG1ldGEGZm9ybWF0AX0BAA=='

test('[SD1] the bytes of the seed are what they were, and this is how they were made', () => {
  expect(Buffer.from(seedUpdate).toString('base64')).toBe(base64)
  const doc = new Y.Doc()
  doc.clientID = seedClientId
  doc.transact(() => {
    const block = new Y.XmlElement('block')
    contentOf(doc).insert(0, [block])
    block.setAttribute('kind', 'paragraph')
    block.setAttribute('indent', 0 as unknown as string)
    block.insert(0, [new Y.XmlText()])
    metaOf(doc).set('format', documentFormat)
  })
  expect(Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64')).toBe(base64)
})

test('[SD2] applied twice, or in two places that then meet, the seed is one block', () => {
  const [one, other] = [new Y.Doc(), new Y.Doc()]
  for (const doc of [one, other, one]) Y.applyUpdate(doc, seedUpdate)
  const block = contentOf(other).get(0) as Y.XmlElement
  ;(block.get(0) as Y.XmlText).insert(0, 'written elsewhere')
  Y.applyUpdate(one, Y.encodeStateAsUpdate(other))
  Y.applyUpdate(other, Y.encodeStateAsUpdate(one))
  for (const doc of [one, other]) {
    expect(contentOf(doc).length).toBe(1)
    expect(contentOf(doc).toJSON()).toContain('written elsewhere')
  }
  expect(Y.encodeStateAsUpdate(one)).toEqual(Y.encodeStateAsUpdate(other))
})

test('[SD3] a seeded document has a format and one empty paragraph that is valid as it is', () => {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, seedUpdate)
  expect(metaOf(doc).toJSON()).toEqual({ format: 1 })
  expect(documentFormat).toBe(1)
  const block = contentOf(doc).get(0) as Y.XmlElement
  expect(contentOf(doc).length).toBe(1)
  const node = schema.node('doc', null, [schema.node(block.nodeName, block.getAttributes())])
  node.check()
  expect(node.eq(schema.topNodeType.createAndFill()!)).toBe(true)
  // An editor that opens it has nothing to write: every attribute that has a value is there.
  expect(block.getAttributes()).toEqual({ kind: 'paragraph', indent: 0 })
})

test('[SD4] the roots have the names under which documents are stored', () => {
  const doc = new Y.Doc()
  contentOf(doc)
  metaOf(doc)
  expect([...doc.share.keys()]).toEqual(['content', 'meta'])
})
