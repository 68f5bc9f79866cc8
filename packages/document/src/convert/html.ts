/**
 * Documents as HTML, as text and without a DOM: what `toDOM` of each node and mark says is written
 * down. Every text and every attribute is escaped here, in one place.
 */
import type { DOMOutputSpec, Mark, Node } from 'prosemirror-model'
import { outlineOf } from './outline.ts'

/** Elements of HTML that have no content and no end. */
const voidNames: ReadonlySet<string> = new Set(['br', 'hr', 'img', 'input'])

/** The HTML of a document of the schema, for other programs: lists nest, headings are headings. Without a page around it. */
export function htmlOf(doc: Node): string {
  return contentHtml(outlineOf(doc))
}

/** The content of a node of any schema whose nodes and marks say their HTML by `toDOM`. */
export function contentHtml(node: Node): string {
  let html = ''
  /** Marks that are open, outermost first, with what closes each. */
  const open: { readonly mark: Mark; readonly end: string }[] = []
  const closeTo = (depth: number): void => {
    for (const { end } of open.splice(depth).reverse()) html += end
  }
  for (const child of node.children) {
    const shared = child.marks.findIndex((mark, at) => !open[at]?.mark.eq(mark))
    closeTo(shared < 0 ? child.marks.length : shared)
    for (const mark of child.marks.slice(open.length)) {
      const [start, end] = around(specOf(mark.type.spec.toDOM?.(mark, true), mark.type.name))
      html += start
      open.push({ mark, end })
    }
    html += nodeHtml(child)
  }
  closeTo(0)
  return html
}

function nodeHtml(node: Node): string {
  if (node.isText) return escapeText(node.text ?? '')
  const [start, end] = around(specOf(node.type.spec.toDOM?.(node), node.type.name))
  return start + (node.isLeaf ? '' : contentHtml(node)) + end
}

/** What stands before and after the hole. */
function around(spec: readonly unknown[]): [string, string] {
  const [name, second, ...rest] = spec
  if (typeof name !== 'string' || !/^[a-z][a-z0-9]*$/.test(name)) {
    throw new TypeError(`${String(name)} is not an element`)
  }
  const hasAttributes = typeof second === 'object' && second !== null && !Array.isArray(second)
  const children = hasAttributes ? rest : spec.slice(1)
  let start = `<${name}${hasAttributes ? attributesHtml(second) : ''}>`
  if (voidNames.has(name)) return [start, '']
  let end = `</${name}>`
  let isAfter = false
  for (const child of children) {
    if (child === 0) {
      isAfter = true
      continue
    }
    const [childStart, childEnd] = Array.isArray(child)
      ? around(child)
      : [escapeText(String(child)), '']
    if (isAfter) end = childStart + childEnd + end
    else if (hasHole(child)) {
      start += childStart
      end = childEnd + end
      isAfter = true
    } else start += childStart + childEnd
  }
  return [start, end]
}

function hasHole(spec: unknown): boolean {
  return spec === 0 || (Array.isArray(spec) && spec.some(hasHole))
}

function attributesHtml(attributes: object): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    .join('')
}

function specOf(spec: DOMOutputSpec | undefined, name: string): readonly unknown[] {
  if (typeof spec === 'string') return [spec]
  if (!Array.isArray(spec)) throw new TypeError(`${name} does not say its HTML as a list`)
  return spec
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\u00a0': '&nbsp;',
}
export const escapeText = (text: string): string =>
  text.replace(/[&<>\u00a0]/g, (c) => escapes[c] ?? c)
const escapeAttribute = (text: string): string => text.replace(/[&<>"]/g, (c) => escapes[c] ?? c)
