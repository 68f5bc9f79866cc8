/**
 * HTML in and documents out as short lines, for tests of the schema: `heading{level=2} Title`, with
 * marks as `<bold>…</bold>` around their text and the attributes that are not null or the default.
 * Needs a DOM.
 */
import { DOMParser, DOMSerializer, type Mark, type Node } from 'prosemirror-model'
import { schema } from '../src/index.ts'

/** A document from the body of an HTML page, as pasting or importing reads it. */
export function parse(html: string): Node {
  const page = new globalThis.DOMParser().parseFromString(html, 'text/html')
  const node = DOMParser.fromSchema(schema).parse(page.body)
  node.check()
  return node
}

/** The HTML of a document, as `toDOM` says. */
export function render(node: Node): string {
  const root = document.createElement('div')
  DOMSerializer.fromSchema(schema).serializeFragment(node.content, { document }, root)
  return root.innerHTML
}

/** What `html` becomes, line by line. */
export function read(html: string): string[] {
  return lines(parse(html))
}

export function lines(node: Node, depth = 0): string[] {
  return node.children.flatMap((child) => {
    const { kind, ...attrs } = child.attrs
    const set = Object.entries(attrs)
      .filter(([name, value]) => value !== null && value !== defaultOf(child, name))
      .map(([name, value]) => `${name}=${String(value)}`)
    const word = String(kind ?? child.type.name) + (set.length > 0 ? `{${set.join(' ')}}` : '')
    const text = child.isTextblock ? ` ${child.children.map(inline).join('')}` : ''
    const inside = child.isTextblock ? [] : lines(child, depth + 1)
    return [('  '.repeat(depth) + word + text).trimEnd(), ...inside]
  })
}

const defaultOf = (node: Node, name: string): unknown => node.type.spec.attrs?.[name]?.default

const inline = (node: Node): string =>
  node.marks.reduceRight(
    (text, mark) => `<${nameOf(mark)}>${text}</${mark.type.name}>`,
    node.isText ? (node.text ?? '') : `(${node.type.name})`,
  )

const nameOf = (mark: Mark): string => [mark.type.name, ...Object.values(mark.attrs)].join(' ')
