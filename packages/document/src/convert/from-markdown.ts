/**
 * Markdown as a document: CommonMark with GitHub's tables, tasks, strikethrough and alerts, and
 * formulas. Lists become flat items with an indent, an image a block of its own. No text is lost; what documents have
 * no place for (titles of links, numbers at which lists begin, quotes around lists) is.
 *
 * 1. What was read is written by `markdownOf` so that reading it again gives the same document.
 * 2. HTML is not interpreted, but for what Markdown lacks a sign for: some marks, page breaks. Any other
 *    block of it becomes code, any other tag in a line its letters. Comments are left out.
 *
 * Length: one reader of one list of tokens, whose state is all of a piece.
 */
import MarkdownIt from 'markdown-it'
import { Fragment, type Node } from 'prosemirror-model'
import { indentMax, type Tone } from '../schema/attributes.ts'
import type { BlockAttributes } from '../schema/block.ts'
import { schema } from '../schema.ts'
import {
  isPageBreak,
  type OpenToggle,
  type Part,
  toggleIn,
  withOpenLists,
} from './markdown-parts.ts'
import { type Inline, inlineOf, isImage } from './markdown-inline.ts'
import { alertOf, withoutBox } from './markdown-lines.ts'
import { withMath } from './markdown-math.ts'
import { texCharsMax } from '../schema/math.ts'

type Token = ReturnType<MarkdownIt['parse']>[number]

const parser: MarkdownIt = withMath(new MarkdownIt('default', { html: true, linkify: true }))
// Only what begins with a scheme: `readme.md` is no address.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })

/** Longest Markdown that is read, in UTF-16 units: beyond it a page would stand still for seconds. */
export const markdownCharsMax = 10_000_000

/** The document that `markdown` says. Throws a RangeError for more than {@link markdownCharsMax}. */
export function documentOfMarkdown(markdown: string): Node {
  if (markdown.length > markdownCharsMax) throw new RangeError('more Markdown than can be read')
  const reader = new Reader()
  for (const token of parser.parse(markdown, {})) reader.read(token)
  const blocks = reader.end()
  return schema.node('doc', null, blocks.length > 0 ? blocks : [schema.node('block')])
}

interface List {
  readonly kind: 'bullet' | 'number'
  /** The next text is the item's own; what comes after it belongs to the item. */
  isItemNext: boolean
}

type Quote = { readonly kind: 'quote' } | { readonly kind: 'callout'; readonly tone: Tone | null }

interface Cell {
  readonly isHeader: boolean
  readonly align: BlockAttributes['align']
}

class Reader {
  readonly #parts: Part[] = []
  readonly #toggles: OpenToggle[] = []
  readonly #lists: List[] = []
  /** Undefined until the first line of a quote says what it is. */
  readonly #quotes: (Quote | undefined)[] = []
  #heading = 0
  #rows: Node[] = []
  #cells: Node[] = []
  #cell: Cell | undefined = undefined

  /** The blocks that were read. */
  end(): Node[] {
    while (this.#toggles.length > 0) this.#endToggle()
    return withOpenLists(this.#parts)
  }

  read(token: Token): void {
    switch (token.type) {
      case 'bullet_list_open':
        this.#beginList('bullet')
        break
      case 'ordered_list_open':
        this.#beginList('number')
        break
      case 'bullet_list_close':
      case 'ordered_list_close':
        this.#lists.pop()
        break
      case 'list_item_open':
        this.#beginItem()
        break
      case 'list_item_close':
        this.#endItem()
        break
      case 'blockquote_open':
        this.#quotes.push(undefined)
        break
      case 'blockquote_close':
        this.#quotes.pop()
        break
      case 'heading_open':
        this.#heading = Number(token.tag.slice(1))
        break
      case 'heading_close':
        this.#heading = 0
        break
      case 'inline':
        this.#readLine(token)
        break
      case 'fence':
      case 'code_block':
        this.#addCode(token.content, /^\s*(\S*)/.exec(token.info)?.[1] ?? '')
        break
      case 'math_block':
        this.#add(schema.node('math_block', { tex: token.content }))
        break
      case 'html_block':
        this.#readHtml(token.content)
        break
      case 'hr':
        this.#add(schema.node('divider'))
        break
      case 'table_open':
        this.#rows = []
        break
      case 'table_close':
        if (this.#rows.length > 0) this.#add(schema.node('table', null, this.#rows))
        break
      case 'tr_open':
        this.#cells = []
        break
      case 'tr_close':
        this.#rows.push(schema.node('table_row', null, this.#cells))
        break
      case 'th_open':
      case 'td_open':
        this.#cell = { isHeader: token.type === 'th_open', align: alignOf(token) }
        break
      case 'th_close':
      case 'td_close':
        this.#cell = undefined
        break
      // Paragraphs are what a line is anyway; heads and bodies of tables are said by their cells.
      default:
        break
    }
  }

  #readHtml(html: string): void {
    const toggle = this.#toggles.at(-1)
    const said = toggleIn(html)
    if (isPageBreak(html)) this.#add(schema.node('page_break'))
    else if (said?.isOpening) this.#beginToggle(said.title)
    else if (said && toggle?.blocks.length === 0) this.#name(toggle, said.title ?? '')
    else if (toggle && /^\s*<\/summary>\s*$/.test(html)) toggle.isTitleNext = false
    else if (toggle && /^\s*<\/details>\s*$/.test(html)) this.#endToggle()
    else if (!/^\s*<!--[\s\S]*-->\s*$/.test(html)) this.#addCode(html, 'html')
  }

  #beginToggle(title: string | undefined): void {
    this.#endItem()
    const toggle: OpenToggle = {
      title: schema.node('block', this.#attributes(undefined)),
      isTitleNext: false,
      blocks: [],
      listDepth: this.#lists.length,
    }
    toggle.title = schema.node('block', { ...toggle.title.attrs, kind: 'toggle' })
    this.#toggles.push(toggle)
    if (title !== undefined) this.#name(toggle, title)
  }

  /** The words between the tags; where there are none, the line that comes next. */
  #name(toggle: OpenToggle, html: string): void {
    if (html.trim() === '') toggle.isTitleNext = true
    else this.#setTitle(toggle, inlineOf(parser.parseInline(html.trim(), {})[0]?.children ?? []))
  }

  #setTitle(toggle: OpenToggle, parts: readonly Inline[]): void {
    toggle.isTitleNext = false
    const content = parts.flatMap((part) => (isImage(part) ? [] : [...part]))
    toggle.title = toggle.title.copy(Fragment.from(content))
    for (const part of parts) if (isImage(part)) this.#addImage(part)
  }

  #endToggle(): void {
    this.#endItem()
    const toggle = this.#toggles.pop()
    if (toggle) this.#push({ title: toggle.title, blocks: toggle.blocks })
  }

  #push(part: Part): void {
    const { blocks } = this.#toggles.at(-1) ?? { blocks: this.#parts }
    blocks.push(part)
  }

  /** How many lists the place lies in, within the toggle that it lies in. */
  get #depth(): number {
    return Math.max(0, this.#lists.length - (this.#toggles.at(-1)?.listDepth ?? 0))
  }

  #beginList(kind: List['kind']): void {
    this.#endItem()
    this.#lists.push({ kind, isItemNext: false })
  }

  #beginItem(): void {
    const list = this.#lists.at(-1)
    if (list) list.isItemNext = true
  }

  /** An item without text of its own is one all the same. */
  #endItem(): void {
    if (this.#lists.at(-1)?.isItemNext) this.#addText([])
  }

  #readLine({ children }: Token): void {
    let tokens = children ?? []
    if (this.#quotes.length > 0 && this.#quotes.at(-1) === undefined) {
      const tone = this.#lists.length === 0 ? alertOf(tokens) : undefined
      this.#quotes[this.#quotes.length - 1] =
        tone === undefined ? { kind: 'quote' } : { kind: 'callout', tone }
      if (tone !== undefined) {
        tokens = tokens.slice(tokens[1]?.type === 'softbreak' ? 2 : 1)
        if (tokens.length === 0) return
      }
    }
    const checked = this.#heading === 0 ? this.#checkedOf(tokens[0]) : undefined
    const parts = inlineOf(checked === undefined ? tokens : withoutBox(tokens))
    const toggle = this.#toggles.at(-1)
    if (toggle?.isTitleNext) {
      this.#setTitle(toggle, parts)
      return
    }
    if (this.#cell) {
      this.#addCell(this.#cell, parts)
      return
    }
    if (parts.length === 0) this.#addText([], checked)
    for (const part of parts) {
      if (isImage(part)) this.#addImage(part)
      else this.#addText(part, checked)
    }
  }

  /** Whether the box of a task is ticked; undefined where there is none. */
  #checkedOf(first: Token | undefined): boolean | undefined {
    if (!this.#lists.at(-1)?.isItemNext || first?.type !== 'text') return undefined
    const sign = /^\[([ xX])\](?:\s|$)/.exec(first.content)?.[1]
    return sign === undefined ? undefined : sign !== ' '
  }

  #addText(content: readonly Node[], checked?: boolean): void {
    this.#add(schema.node('block', this.#attributes(checked), content))
  }

  #attributes(checked: boolean | undefined): Partial<BlockAttributes> {
    const list = this.#lists.at(-1)
    const depth = this.#depth
    if (list?.isItemNext) {
      list.isItemNext = false
      const indent = Math.min(indentMax, Math.max(0, depth - 1))
      if (checked === undefined) return { kind: list.kind, indent }
      return { kind: 'task', checked: checked ? true : null, indent }
    }
    const indent = Math.min(indentMax, depth)
    if (this.#heading > 0) return { kind: 'heading', level: this.#heading, indent }
    const quote = this.#quotes.findLast((one) => one !== undefined)
    if (quote?.kind === 'quote') return { kind: 'quote', indent }
    if (quote?.kind === 'callout') return { kind: 'callout', tone: quote.tone, indent }
    return { kind: 'paragraph', indent }
  }

  /** In a list it stands for the text of its item. */
  #addImage(image: Node): void {
    const list = this.#lists.at(-1)
    if (list) list.isItemNext = false
    this.#push(image)
  }

  #addCode(content: string, language: string): void {
    const text = content.replace(/\n$/, '')
    if (language === 'math' && text !== '' && text.length <= texCharsMax) {
      this.#add(schema.node('math_block', { tex: text }))
      return
    }
    const attrs = { language: language === '' ? null : language.slice(0, 40) }
    this.#add(schema.node('code_block', attrs, text === '' ? [] : [schema.text(text)]))
  }

  #addCell({ isHeader, align }: Cell, parts: readonly Inline[]): void {
    const content = parts.map((part) =>
      isImage(part) ? part : schema.node('block', null, [...part]),
    )
    const attrs = { header: isHeader ? true : null, align }
    const blocks = content.length > 0 ? content : [schema.node('block')]
    this.#cells.push(schema.node('table_cell', attrs, blocks))
  }

  #add(node: Node): void {
    if (node.type.name !== 'block') this.#endItem()
    this.#push(node)
  }
}

function alignOf(token: Token): BlockAttributes['align'] {
  const word = /text-align:\s*(left|center|right)/.exec(token.attrGet('style') ?? '')?.[1]
  return (word as BlockAttributes['align'] | undefined) ?? null
}
