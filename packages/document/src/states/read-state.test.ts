import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { drawDocument, randomOf } from '../../test/random-document.ts'
import {
  blocksOf,
  bytesOf,
  jsonFrom,
  keysOf,
  paragraphs,
  shared,
} from '../../test/shared-documents.ts'
import { contentOf, schema } from '../index.ts'
import { type Part, textOf } from './content-tree.ts'
import { extractText, renderState } from './index.ts'
import { makeEqual } from './make-equal.ts'
import { documentOf } from './read-document.ts'
import { treeOf } from './shared-state.ts'
import { type JsonNode, jsonOf, partsOf } from './tree-json.ts'

test('[ST1] a state that misses parts or is none is refused, in V1 and in V2', () => {
  const doc = shared(paragraphs('first'))
  const vector = Y.encodeStateVector(doc)
  blocksOf(doc)[0]?.insert(0, [new Y.XmlText('more ')])
  const later = Y.encodeStateAsUpdate(doc, vector)
  const code = (expected: string): object => expect.objectContaining({ code: expected })
  expect(() => renderState({ updates: [later] }, 'text')).toThrow(code('pending'))
  expect(() => renderState({ updates: [Uint8Array.of(9, 9)] }, 'text')).toThrow(code('malformed'))
  expect(() => renderState({ packed: Uint8Array.of(9, 9) }, 'text')).toThrow(code('malformed'))
  expect(renderState({ packed: Y.encodeStateAsUpdateV2(doc) }, 'text')).toBe('more first')
})

test('[ST2] what is stored comes out as the JSON that an editor would give, and back', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const node = drawDocument(seed)
    const bytes = bytesOf(shared(node))
    const json = JSON.parse(renderState(bytes, 'json')) as JsonNode
    expect(json, `seed ${seed}`).toEqual(jsonFrom(node))
    expect(documentOf(treeOf(bytes)).eq(node), `seed ${seed}`).toBe(true)
  }
})

test('[ST2] what the schema does not know is in the JSON, and its words are in every other form', () => {
  const json: JsonNode = {
    type: 'doc',
    content: [
      {
        type: 'block',
        attrs: { kind: 'banner', indent: 99 },
        content: [{ type: 'text', text: 'a kind' }],
      },
      {
        type: 'poll',
        attrs: { open: true },
        content: [{ type: 'block', content: [{ type: 'text', text: 'a node' }] }],
      },
      {
        type: 'block',
        content: [
          { type: 'text', text: 'a mark', marks: [{ type: 'glow', attrs: { color: 'red' } }] },
          { type: 'mention', content: [{ type: 'text', text: 'a name' }] },
          {
            type: 'text',
            text: 'a link',
            marks: [{ type: 'link', attrs: { href: 'javascript:alert(1)' } }],
          },
        ],
      },
      {
        type: 'table',
        content: [{ type: 'block', content: [{ type: 'text', text: 'out of place' }] }],
      },
      { type: 'text', text: 'no block' },
      {
        type: 'code_block',
        content: [{ type: 'text', text: 'bold code', marks: [{ type: 'bold' }] }],
      },
    ],
  }
  const doc = new Y.Doc()
  doc.transact(() => makeEqual(contentOf(doc), partsOf(json)))
  const bytes = bytesOf(doc)
  expect(JSON.parse(renderState(bytes, 'json'))).toEqual(json)
  for (const format of ['html', 'markdown', 'text'] as const) {
    const text = renderState(bytes, format)
    for (const words of [
      'a kind',
      'a node',
      'a mark',
      'a name',
      'a link',
      'no block',
      'out of place',
      'bold code',
    ]) {
      expect(text, format).toContain(words)
    }
    expect(text).not.toContain('javascript')
  }
  documentOf(treeOf(bytes)).check()
})

test('[ST2] a document of whatever parts is valid, and loses no word', () => {
  const random = randomOf(7)
  const names = [...Object.keys(schema.nodes), 'poll', 'mention']
  const draw = (depth: number): Part => {
    if (depth === 0 || random() < 0.3) {
      const marks =
        random() < 0.3 ? { bold: {} } : random() < 0.1 ? { 'link--abcdefgh': { href: 5 } } : {}
      return { kind: 'text', runs: [{ text: `w${Math.floor(random() * 1e6)}.`, marks }] }
    }
    const name = names[Math.floor(random() * names.length)] ?? 'poll'
    const children = Array.from({ length: Math.floor(random() * 4) }, () => draw(depth - 1))
    return { kind: 'element', name, attributes: { level: 99, colspan: 'x' }, children }
  }
  const wordsOf = (text: string): string[] => (text.match(/w\d+/g) ?? []).toSorted()
  for (let round = 0; round < 300; round++) {
    const parts = Array.from({ length: 4 }, () => draw(4))
    const doc = documentOf(parts)
    doc.check()
    expect(wordsOf(doc.textContent)).toEqual(wordsOf(parts.map(textOf).join(' ')))
  }
})

test('[EX6] extracted text ends within its bound and never in half a letter', () => {
  const bytes = bytesOf(shared(paragraphs('ab\u{1f600}cd')))
  expect(extractText(bytes, 100)).toBe('ab\u{1f600}cd')
  expect(extractText(bytes, 4)).toBe('ab\u{1f600}')
  expect(extractText(bytes, 3)).toBe('ab')
})

test('[ST2] a round of JSON keeps the parts', () => {
  const parts = treeOf(bytesOf(shared(drawDocument(11))))
  expect(keysOf(partsOf(jsonOf(parts)))).toEqual(keysOf(parts))
})
