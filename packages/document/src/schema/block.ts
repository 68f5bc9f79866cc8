/**
 * The `block` node: a line of text whose attributes say what it is. Changing the kind or the indent
 * is an attribute write, which merges with a colleague's typing in the same block.
 *
 * Rendered flat: list items are siblings. Their nesting is said by their description, shown by CSS from
 * `data-kind` and `data-indent`, and made real again when a document is exported.
 */
import type { DOMOutputSpec, NodeSpec, TagParseRule } from 'prosemirror-model'
import {
  aligns,
  type BlockKind,
  blockKinds,
  headingLevelMax,
  indentMax,
  oneOf,
  tones,
  trueOrFalse,
  wholeNumber,
} from './attributes.ts'
import {
  isBlank,
  isBlock,
  type PageElement,
  readAlign,
  readDirection,
  readIndent,
  readWord,
} from './page-element.ts'

/** The attributes of a `block`. Null is "not set". */
export interface BlockAttributes {
  readonly kind: BlockKind
  /** 1–6, for headings. */
  readonly level: number | null
  /** 0–8. */
  readonly indent: number
  /** Of a task: true when it is done. */
  readonly checked: boolean | null
  readonly align: 'left' | 'center' | 'right' | 'justify' | null
  /** Null: found from the text. */
  readonly dir: 'ltr' | 'rtl' | null
  /** Of a callout. */
  readonly tone: 'info' | 'success' | 'warning' | 'danger' | null
}

const plain = (element: PageElement): Partial<BlockAttributes> => ({
  align: readAlign(element),
  dir: readDirection(element),
  indent: Math.min(indentMax, readIndent(element) + toggleDepth(element)),
})

/** How far in an element stands by the `details` around it, up to a cell. */
function toggleDepth(element: PageElement): number {
  let depth = 0
  for (let at: PageElement | null = element; at && !/^T[DH]$/.test(at.nodeName); ) {
    if (at.nodeName === 'DETAILS') depth += 1 + readIndent(at)
    at = at.parentElement
  }
  return depth
}

/** How many lists an element lies in, minus one: the indent of a list item of foreign HTML. */
function listDepth(element: PageElement): number {
  let depth = -1
  for (let at: PageElement | null = element; at; at = at.parentElement) {
    if (at.nodeName === 'UL' || at.nodeName === 'OL') depth += 1
  }
  return Math.min(indentMax, Math.max(0, depth) + toggleDepth(element))
}

/**
 * The element that is the line of a list item: the item itself when it begins with text, else its
 * first paragraph; null when it begins with something else, such as a heading, a table or a list.
 */
function lineOf(container: PageElement): PageElement | null {
  for (const child of container.childNodes) {
    if (isBlank(child)) continue
    if (!isBlock(child)) return container
    if (child.nodeName === 'P') return child as PageElement
    return child.nodeName === 'DIV' ? lineOf(child as PageElement) : null
  }
  return container
}

function readListItem(item: PageElement, line: PageElement): Partial<BlockAttributes> {
  const box = item.querySelector(
    ':scope > input[type=checkbox], :scope > label > input[type=checkbox], :scope > p > input[type=checkbox]',
  )
  const isTask =
    box !== null || item.getAttribute('role') === 'checkbox' || item.hasAttribute('data-checked')
  const isNumbered = item.parentElement?.nodeName === 'OL'
  const isDone =
    box?.hasAttribute('checked') === true ||
    item.getAttribute('aria-checked') === 'true' ||
    item.getAttribute('data-checked') === 'true'
  return {
    ...plain(line),
    kind: isTask ? 'task' : isNumbered ? 'number' : 'bullet',
    indent: listDepth(item),
    checked: isTask && isDone ? true : null,
  }
}

/** A paragraph in a list item of foreign HTML: the item's line, or text under it, one step in. */
function readInItem(element: PageElement): Partial<BlockAttributes> | false {
  if (hasBlockInside(element)) return false
  const item = element.closest('li')
  if (item === null) return false
  if (lineOf(item) === element) return readListItem(item, element)
  return { ...plain(element), indent: Math.min(indentMax, listDepth(item) + 1) }
}

/** A block of our own HTML. */
function readOwn(element: PageElement): Partial<BlockAttributes> | false {
  const kind = readWord(element, 'data-kind', blockKinds) as BlockKind | null
  if (kind === null) return false
  const level = Number(
    element.getAttribute('aria-level') ?? /^H([1-6])$/.exec(element.nodeName)?.[1],
  )
  return {
    ...plain(element),
    kind,
    level: kind !== 'heading' ? null : level >= 1 && level <= headingLevelMax ? level : 1,
    checked: kind === 'task' && element.getAttribute('data-checked') === 'true' ? true : null,
    tone: readWord(element, 'data-tone', tones) as BlockAttributes['tone'],
  }
}

const headings: TagParseRule[] = [1, 2, 3, 4, 5, 6].map((level) => ({
  tag: `h${level}`,
  getAttrs: (element) => ({ ...plain(element), kind: 'heading', level }),
}))

/** The line of a `summary`, also where it is a heading or a paragraph in it. */
function readSummary(element: PageElement): Partial<BlockAttributes> | false {
  if (!isBlock(element) || hasBlockInside(element)) return false
  return { ...plain(element), kind: 'toggle', indent: Math.max(0, toggleDepth(element) - 1) }
}

function hasBlockInside(element: PageElement): boolean {
  return (
    element.querySelector('p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, pre, blockquote') !== null
  )
}

const itemNames = { bullet: 'bullet', number: 'numbered item', task: 'task' } as const

/** A `listitem` needs a list around it, which flat blocks do not have: the words say what it is. */
function listItem(kind: keyof typeof itemNames, indent: number): Record<string, string> {
  const level = indent > 0 ? `, level ${indent + 1}` : ''
  return { role: 'group', 'aria-roledescription': `${itemNames[kind]}${level}` }
}

export const block: NodeSpec = {
  content: 'inline*',
  group: 'flow',
  attrs: {
    kind: { default: 'paragraph', validate: oneOf(blockKinds, 'a kind') },
    level: { default: null, validate: wholeNumber(1, headingLevelMax, 'a heading level') },
    indent: { default: 0, validate: wholeNumber(0, indentMax, 'an indent') },
    checked: { default: null, validate: trueOrFalse('a checked mark') },
    align: { default: null, validate: oneOf(aligns, 'an alignment') },
    dir: { default: null, validate: oneOf(['ltr', 'rtl'], 'a direction') },
    tone: { default: null, validate: oneOf(tones, 'a tone') },
  },
  parseDOM: [
    // Own text keeps its spaces: they are content, not the layout of a page.
    { tag: '[data-kind]', priority: 70, preserveWhitespace: true, getAttrs: readOwn },
    { tag: 'summary, summary *', priority: 65, getAttrs: readSummary },
    {
      tag: 'figcaption, figcaption p, figcaption div',
      priority: 65,
      getAttrs: (e) => (hasBlockInside(e) ? false : { ...plain(e), kind: 'caption' }),
    },
    ...headings,
    { tag: 'li p, li div', priority: 60, getAttrs: readInItem },
    { tag: 'li', getAttrs: (e) => lineOf(e) === e && readListItem(e, e) },
    {
      tag: 'blockquote p, blockquote div',
      priority: 55,
      getAttrs: (e) => (hasBlockInside(e) ? false : { ...plain(e), kind: 'quote' }),
    },
    {
      tag: 'blockquote',
      getAttrs: (e) => (hasBlockInside(e) ? false : { ...plain(e), kind: 'quote' }),
    },
    { tag: 'p', getAttrs: plain },
    { tag: 'div', priority: 40, getAttrs: (e) => (hasBlockInside(e) ? false : plain(e)) },
  ],
  toDOM(node): DOMOutputSpec {
    const { kind, level, indent, checked, align, dir, tone } = node.attrs as BlockAttributes
    const common: Record<string, string | undefined> = {
      'data-kind': kind,
      dir: dir ?? 'auto',
      'data-indent': indent > 0 ? String(indent) : undefined,
      'data-align': align ?? undefined,
      style: align === null ? undefined : `text-align: ${align}`,
    }
    switch (kind) {
      case 'heading':
        return [`h${level ?? 1}`, { ...common, 'aria-level': String(level ?? 1) }, 0]
      case 'bullet':
      case 'number':
        return ['div', { ...common, ...listItem(kind, indent) }, 0]
      case 'task':
        return [
          'div',
          {
            ...common,
            ...listItem(kind, indent),
            'data-checked': String(checked === true),
          },
          [
            'span',
            {
              role: 'checkbox',
              'aria-checked': String(checked === true),
              'aria-label': 'Done',
              tabindex: '-1',
              contenteditable: 'false',
              'data-task-box': '',
            },
          ],
          ['span', { 'data-task-text': '' }, 0],
        ]
      case 'toggle':
        return [
          'div',
          { ...common, role: 'group', 'aria-roledescription': 'toggle' },
          [
            'span',
            {
              role: 'button',
              'aria-expanded': 'true',
              'aria-label': 'Show or hide what is in it',
              tabindex: '-1',
              contenteditable: 'false',
              'data-toggle-button': '',
            },
          ],
          ['span', { 'data-toggle-text': '' }, 0],
        ]
      case 'quote':
        return ['p', { ...common, role: 'blockquote' }, 0]
      case 'callout':
        return ['p', { ...common, role: 'note', 'data-tone': tone ?? undefined }, 0]
      case 'paragraph':
      case 'caption':
        return ['p', common, 0]
      default:
        return ['p', common, 0]
    }
  },
}
