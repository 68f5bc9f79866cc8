/**
 * The nodes beside `block`: those whose content really differs. Content expressions use `*` so that
 * no two concurrent deletions can make a document invalid; only the document itself asks for one
 * block, because an editor needs a place for the caret.
 */
import { type Attrs, Fragment, type NodeSpec } from 'prosemirror-model'
import { safeImageSource } from '../link.ts'
import {
  aligns,
  isColor,
  oneOf,
  readColor,
  textUpTo,
  trueOrFalse,
  wholeNumber,
} from './attributes.ts'
import { block } from './block.ts'
import { mathBlock, mathInline } from './math.ts'
import { mention } from './mention.ts'
import { isBlank, isFiller, type PageElement, readAlign } from './page-element.ts'

const doc: NodeSpec = { content: '(flow | table)+' }

const text: NodeSpec = { group: 'inline' }

const hardBreak: NodeSpec = {
  group: 'inline',
  inline: true,
  selectable: false,
  linebreakReplacement: true,
  parseDOM: [
    // The mark that browsers put at the end of what is copied.
    { tag: 'br.Apple-interchange-newline', skip: true, priority: 60 },
    { tag: 'br', ignore: true, priority: 55, getAttrs: (element) => isFiller(element) && null },
    { tag: 'br' },
  ],
  toDOM: () => ['br'],
  leafText: () => '\n',
}

const codeBlock: NodeSpec = {
  content: 'text*',
  group: 'flow',
  marks: '',
  code: true,
  defining: true,
  attrs: { language: { default: null, validate: textUpTo(40, 'a language') } },
  parseDOM: [
    {
      tag: 'pre',
      preserveWhitespace: 'full',
      getAttrs: (element) => {
        const names = `${element.className} ${element.querySelector('code')?.className ?? ''}`
        const language =
          element.getAttribute('data-language') ?? /\blanguage-([\w+#.-]{1,40})/.exec(names)?.[1]
        return { language: language?.slice(0, 40) ?? null }
      },
    },
  ],
  toDOM: (node) => [
    'pre',
    {
      'data-language': (node.attrs['language'] as string | null) ?? undefined,
      spellcheck: 'false',
      dir: 'ltr',
    },
    ['code', 0],
  ],
}

const divider: NodeSpec = {
  group: 'flow',
  parseDOM: [{ tag: 'hr' }],
  toDOM: () => ['hr'],
}

/** What other programs say for a break of the page: Word, Google Docs and our own exports. */
const saysPageBreak = (element: PageElement): boolean =>
  /(^|;)\s*(page-)?break-(before|after)\s*:\s*(always|page)/i.test(
    element.getAttribute('style') ?? '',
  )

/** Where a new page begins on paper. Its element is empty, so that it can be told from a line of text that begins a page. */
const pageBreak: NodeSpec = {
  group: 'flow',
  parseDOM: [
    { tag: '[data-page-break], hr.page-break', priority: 70 },
    { tag: 'br, hr, div', priority: 65, getAttrs: (e) => saysPageBreak(e) && isEmpty(e) && null },
  ],
  toDOM: () => [
    'div',
    {
      'data-page-break': '',
      role: 'separator',
      'aria-label': 'Page break',
      style: 'break-after: page;',
    },
  ],
}

const isEmpty = (element: PageElement): boolean =>
  (element.textContent ?? '').trim() === '' && element.querySelector('img, table') === null

const image: NodeSpec = {
  group: 'flow',
  draggable: true,
  attrs: {
    src: {
      default: null,
      validate: (value) => {
        if (value !== null && safeImageSource(value) !== value)
          throw new RangeError('not an address of an image')
      },
    },
    alt: { default: null, validate: textUpTo(1_000, 'a description') },
    /** CSS pixels; null is the image's own width, at most the page's. */
    width: { default: null, validate: wholeNumber(16, 10_000, 'a width') },
    align: { default: null, validate: oneOf(aligns, 'an alignment') },
  },
  parseDOM: [
    {
      tag: 'img[src]',
      getAttrs: (element) => {
        const src = safeImageSource(element.getAttribute('src'))
        if (src === undefined) return false
        const width = Number(/^(\d+)(px)?$/.exec(element.getAttribute('width') ?? '')?.[1])
        return {
          src,
          alt: element.getAttribute('alt')?.slice(0, 1_000) || null,
          width: width >= 16 && width <= 10_000 ? width : null,
          align: readAlign(element),
        }
      },
    },
  ],
  toDOM(node) {
    const { src, alt, width, align } = node.attrs
    return [
      'img',
      {
        src: safeImageSource(src) ?? '',
        alt: (alt as string | null) ?? '',
        width: width === null ? undefined : String(width),
        'data-align': (align as string | null) ?? undefined,
        loading: 'lazy',
      },
    ]
  },
}

const table: NodeSpec = {
  content: 'table_row*',
  tableRole: 'table',
  isolating: true,
  parseDOM: [{ tag: 'table' }],
  toDOM: () => ['table', ['tbody', 0]],
}

const tableRow: NodeSpec = {
  content: 'table_cell*',
  tableRole: 'row',
  parseDOM: [{ tag: 'tr' }],
  toDOM: () => ['tr', 0],
}

/** Widths of the columns of a cell in CSS pixels, 0 for "not set"; null when none is set. */
function checkColumnWidths(value: unknown): void {
  if (value === null) return
  const isList =
    Array.isArray(value) && value.every((n) => Number.isInteger(n) && n >= 0 && n <= 10_000)
  if (!isList) throw new RangeError('column widths are a list of whole numbers')
}

function readColumnWidths(element: PageElement, colspan: number): number[] | null {
  const text = element.getAttribute('data-colwidth') ?? ''
  if (!/^\d{1,5}(,\d{1,5})*$/.test(text)) return null
  const widths = text.split(',').map(Number)
  return widths.length === colspan && widths.every((width) => width <= 10_000) ? widths : null
}

function readCell(element: PageElement): Attrs {
  const span = (name: string) => {
    const value = Number(element.getAttribute(name) ?? 1)
    return Number.isInteger(value) && value >= 1 && value <= 1_000 ? value : 1
  }
  const colspan = span('colspan')
  return {
    header: element.nodeName === 'TH' ? true : null,
    colspan,
    rowspan: span('rowspan'),
    colwidth: readColumnWidths(element, colspan),
    align: readAlign(element),
    background: readColor(element.style.backgroundColor),
  }
}

/** A cell of foreign HTML without anything in it; it gets a block to write in. */
function isEmptyCell(element: PageElement): boolean {
  const isOurs = element.hasAttribute('data-empty')
  return (
    !isOurs &&
    isBlank(element) &&
    element.querySelector('p, div, pre, table, ul, ol, h1, h2, h3') === null
  )
}

const tableCell: NodeSpec = {
  content: 'flow*',
  tableRole: 'cell',
  isolating: true,
  attrs: {
    /** A heading cell is an attribute, not a node of its own: switching it must not replace what a colleague types in. */
    header: { default: null, validate: trueOrFalse('a header mark') },
    colspan: { default: 1, validate: wholeNumber(1, 1_000, 'a column span') },
    rowspan: { default: 1, validate: wholeNumber(1, 1_000, 'a row span') },
    colwidth: { default: null, validate: checkColumnWidths },
    align: { default: null, validate: oneOf(aligns, 'an alignment') },
    background: {
      default: null,
      validate: (value) => {
        if (value !== null && !isColor(value)) throw new RangeError('not a colour')
      },
    },
  },
  parseDOM: [
    {
      tag: 'td, th',
      priority: 55,
      getAttrs: (element) => isEmptyCell(element) && readCell(element),
      getContent: (_, schema) => Fragment.from(schema.node('block')),
    },
    { tag: 'td, th', getAttrs: readCell },
  ],
  toDOM(node) {
    const { header, colspan, rowspan, colwidth, align, background } = node.attrs
    const style = [
      align === null ? '' : `text-align: ${align}`,
      isColor(background) ? `background-color: ${background}` : '',
    ]
      .filter(Boolean)
      .join('; ')
    return [
      header === true ? 'th' : 'td',
      {
        'data-empty': node.childCount === 0 ? '' : undefined,
        colspan: colspan === 1 ? undefined : String(colspan),
        rowspan: rowspan === 1 ? undefined : String(rowspan),
        'data-colwidth': colwidth === null ? undefined : (colwidth as number[]).join(','),
        style: style === '' ? undefined : style,
      },
      0,
    ]
  },
}

/** What stands in the place of a block that this version does not know: on screen and in exports. */
export const lockedWords = 'This part was made with a newer version.'

/**
 * Stands in a view in the place of a block that this version does not know. Never stored: the binding
 * keeps the block as it is, and takes one that is stored under this name for another unknown one.
 */
const locked: NodeSpec = {
  group: 'flow',
  atom: true,
  selectable: true,
  draggable: false,
  isPlaceholder: true,
  // What is not known, for people.
  attrs: { what: { default: null, validate: textUpTo(400, 'a name') } },
  parseDOM: [{ tag: '[data-locked]', ignore: true }],
  toDOM: () => ['div', { 'data-locked': '', role: 'note', contenteditable: 'false' }, lockedWords],
}

/** In the order in which ProseMirror prefers them: the first one that fits fills an empty place. */
export const nodes: Readonly<Record<string, NodeSpec>> = {
  doc,
  block,
  code_block: codeBlock,
  image,
  divider,
  page_break: pageBreak,
  math_block: mathBlock,
  table,
  table_row: tableRow,
  table_cell: tableCell,
  locked,
  text,
  hard_break: hardBreak,
  mention,
  math_inline: mathInline,
}
