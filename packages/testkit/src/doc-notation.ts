/**
 * Documents in a few readable words, both ways.
 *
 *   const { node, at } = doc(p('on<a>e ', bold('two')), h(2, 'Title'), li('x', { indent: 1 }),
 *     table(row(th('a'), cell('b<b>'))))
 *
 * `at.a` is the position of `<a>`. `show(node)` gives one line per block, with the rows of a table
 * as one line each:
 *
 *   p one **two**
 *   h2 Title
 *     - x
 *   | # a | b |
 *
 * Is not an export format: it shows what tests compare, and every attribute that is not the default.
 */
import { must } from '@quire/base'
import { type BlockAttributes, type BlockKind, schema } from '@quire/document'
import type { Attrs, Mark, Node } from 'prosemirror-model'

/** A node that is not built yet, so that the names of positions can be told with the whole document. */
export interface Draft {
  readonly type: string
  readonly attrs: Attrs | null
  readonly content: readonly Inline[]
}
/** Text under a mark. */
export interface Marked {
  readonly mark: Mark
  readonly content: readonly Inline[]
}
export type Inline = string | Draft | Marked

/** A built document and the positions that its text names by `<name>`. */
export interface NamedDoc {
  readonly node: Node
  /** Throws for a name that the document does not have. */
  readonly at: Readonly<Record<string, number>>
}

type BlockSettings = Partial<Omit<BlockAttributes, 'kind'>>
type CellSettings = Readonly<{
  header?: boolean
  colspan?: number
  rowspan?: number
  colwidth?: number[]
  background?: string
}>

const draft = (type: string, attrs: Attrs | null, content: readonly Inline[]): Draft => ({
  type,
  attrs,
  content,
})

const isSettings = (value: unknown): value is Attrs =>
  typeof value === 'object' && value !== null && !('type' in value) && !('mark' in value)

/** Splits `(...content, settings?)`. */
function withSettings(parts: readonly (Inline | Attrs)[]): [Attrs, Inline[]] {
  const last = parts.at(-1)
  return isSettings(last)
    ? [last, parts.slice(0, -1) as Inline[]]
    : [{}, parts.filter((part): part is Inline => !isSettings(part))]
}

type BlockBuilder = (...parts: (Inline | BlockSettings)[]) => Draft

const blockOf =
  (kind: BlockKind): BlockBuilder =>
  (...parts) => {
    const [settings, content] = withSettings(parts as (Inline | Attrs)[])
    return draft('block', { kind, ...settings }, content)
  }

export const p: BlockBuilder = blockOf('paragraph')
export const li: BlockBuilder = blockOf('bullet')
export const ol: BlockBuilder = blockOf('number')
export const task: BlockBuilder = blockOf('task')
export const quote: BlockBuilder = blockOf('quote')
export const callout: BlockBuilder = blockOf('callout')
export const toggle: BlockBuilder = blockOf('toggle')

export function h(level: number, ...parts: (Inline | BlockSettings)[]): Draft {
  const [settings, content] = withSettings(parts as (Inline | Attrs)[])
  return draft('block', { kind: 'heading', level, ...settings }, content)
}

export function code(text: string, language: string | null = null): Draft {
  return draft('code_block', { language }, text === '' ? [] : [text])
}
export function image(src: string, attrs: Readonly<{ alt?: string; width?: number }> = {}): Draft {
  return draft('image', { src, ...attrs }, [])
}
export const divider: Draft = draft('divider', null, [])
export const br: Draft = draft('hard_break', null, [])

export function table(...rows: Draft[]): Draft {
  return draft('table', null, rows)
}
export function row(...cells: Draft[]): Draft {
  return draft('table_row', null, cells)
}
/** A cell. Text alone is one paragraph. */
export function cell(content: string | readonly Draft[] = '', settings: CellSettings = {}): Draft {
  return draft('table_cell', settings, typeof content === 'string' ? [p(content)] : content)
}
/** A header cell. */
export function th(content: string | readonly Draft[] = '', settings: CellSettings = {}): Draft {
  return cell(content, { header: true, ...settings })
}

type MarkBuilder = (...content: Inline[]) => Marked

const markOf =
  (name: string, attrs: Attrs | null = null): MarkBuilder =>
  (...content) => ({ mark: schema.mark(name, attrs), content })

export const bold: MarkBuilder = markOf('bold')
export const italic: MarkBuilder = markOf('italic')
export const underline: MarkBuilder = markOf('underline')
export const strike: MarkBuilder = markOf('strike')
export const inlineCode: MarkBuilder = markOf('code')
export const sup: MarkBuilder = markOf('superscript')
export const sub: MarkBuilder = markOf('subscript')
export function color(value: string, ...content: Inline[]): Marked {
  return markOf('color', { color: value })(...content)
}
export function highlight(value: string, ...content: Inline[]): Marked {
  return markOf('highlight', { color: value })(...content)
}
export function link(href: string, ...content: Inline[]): Marked {
  return markOf('link', { href })(...content)
}

/** Builds a document. Throws when the schema does not allow it: a notation that is wrong is a wrong test. */
export function doc(...blocks: Draft[]): NamedDoc {
  const names = new Map<string, number>()
  const children = buildAll(blocks, 0, [], names)
  const node = schema.node('doc', null, children)
  node.check()
  const at = new Proxy(Object.fromEntries(names), {
    get: (known: Record<string, number>, name) =>
      must(known[String(name)], `the document names no position <${String(name)}>`),
  })
  return { node, at }
}

function buildAll(
  content: readonly Inline[],
  start: number,
  marks: readonly Mark[],
  names: Map<string, number>,
): Node[] {
  const nodes: Node[] = []
  let pos = start
  for (const part of content) {
    const built =
      typeof part === 'string'
        ? buildText(part, pos, marks, names)
        : 'mark' in part
          ? buildAll(part.content, pos, part.mark.addToSet(marks), names)
          : [
              schema.node(
                part.type,
                part.attrs,
                // Marks are not stored on inline atoms.
                buildAll(part.content, pos + 1, [], names),
              ),
            ]
    for (const node of built) pos += node.nodeSize
    nodes.push(...built)
  }
  return nodes
}

function buildText(
  text: string,
  start: number,
  marks: readonly Mark[],
  names: Map<string, number>,
): Node[] {
  let plain = ''
  let from = 0
  for (const found of text.matchAll(/<(\w+)>/g)) {
    plain += text.slice(from, found.index)
    names.set(must(found[1], 'a name'), start + plain.length)
    from = found.index + found[0].length
  }
  plain += text.slice(from)
  return plain === '' ? [] : [schema.text(plain, marks)]
}

/** The document as lines: see the header. Works on documents of any state, valid or not. */
export function show(node: Node): string[] {
  return node.children.flatMap(showBlock)
}

const kindWords: Readonly<Record<string, string>> = {
  paragraph: 'p',
  bullet: '-',
  number: '1.',
  quote: '>',
  callout: '!',
}

function showBlock(node: Node): string[] {
  if (node.type.name === 'table') return node.children.map(showRow)
  return [showFlow(node)]
}

function showFlow(node: Node): string {
  const { attrs } = node
  switch (node.type.name) {
    case 'block': {
      const { kind, level, indent, checked, ...others } = attrs as BlockAttributes
      const word =
        kind === 'heading'
          ? `h${level ?? 1}`
          : kind === 'task'
            ? `[${checked === true ? 'x' : ' '}]`
            : (kindWords[kind] ?? kind)
      const rest = {
        ...others,
        level: kind === 'heading' ? null : level,
        checked: kind === 'task' ? null : checked,
      }
      return '  '.repeat(indent) + inWords(word + showAttributes(rest), showText(node))
    }
    case 'code_block':
      return inWords(`code${showAttributes(attrs)}`, JSON.stringify(node.textContent))
    default:
      return inWords(node.type.name + showAttributes(attrs), showText(node))
  }
}

/** A row as `| a | # b |`: `#` a header cell, `/` between the blocks of a cell, `∅` a cell without any. */
function showRow(tableRow: Node): string {
  const cells = tableRow.children.map((tableCell) => {
    const { header, colspan, rowspan, ...others } = tableCell.attrs
    const span = colspan === 1 && rowspan === 1 ? '' : `(${colspan}x${rowspan})`
    const blocks = tableCell.children.map((node) => {
      const isPlain = node.type.name === 'block' && node.attrs['kind'] === 'paragraph'
      return isPlain ? showText(node) : showBlock(node).join(' ')
    })
    const words = [
      header === true ? '#' : '',
      span + showAttributes(others),
      blocks.length === 0 ? '∅' : blocks.join(' / '),
    ]
    return words.filter((word) => word !== '').join(' ')
  })
  return `| ${cells.join(' | ')} |`
}

const inWords = (...words: string[]) => words.filter((word) => word !== '').join(' ')

function showAttributes(attrs: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(attrs)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return set.length === 0 ? '' : `{${set.join(' ')}}`
}

function showText(node: Node): string {
  return node.children
    .map((child) =>
      child.marks.reduceRight(
        (text, mark) => around(mark, text),
        child.isText
          ? (child.text ?? '')
          : child.type.name === 'hard_break'
            ? '⏎'
            : `<${child.type.name}>`,
      ),
    )
    .join('')
}

const fences: Readonly<Record<string, string>> = {
  bold: '**',
  italic: '_',
  underline: '__',
  strike: '~~',
  code: '`',
  superscript: '^',
  subscript: '~',
}

function around(mark: Mark, text: string): string {
  const fence = fences[mark.type.name]
  if (fence !== undefined) return fence + text + fence
  const value = Object.values(mark.attrs).join(' ')
  return mark.type.name === 'link' ? `[${text}](${value})` : `{${mark.type.name} ${value}: ${text}}`
}
