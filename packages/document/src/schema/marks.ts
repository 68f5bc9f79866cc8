/** The marks. Links do not grow at their edges; none excludes another: two people could set both at once. */
import type { MarkSpec, StyleParseRule } from 'prosemirror-model'
import { safeHref } from '../link.ts'
import { isColor, isFontFamily, isFontPoints, readColor } from './attributes.ts'
import type { PageElement } from './page-element.ts'

function colorAttribute(what: string) {
  return {
    color: {
      validate: (value: unknown): void => {
        if (!isColor(value))
          throw new RangeError(`${what} is #rrggbb, not ${JSON.stringify(value)}`)
      },
    },
  }
}

const bold: MarkSpec = {
  parseDOM: [
    { tag: 'strong' },
    // Google Docs wraps whole clipboards in a <b> of normal weight.
    { tag: 'b', getAttrs: (element) => element.style.fontWeight !== 'normal' && null },
    { style: 'font-weight=400', clearMark: (mark) => mark.type.name === 'bold' },
    { style: 'font-weight', getAttrs: (value) => /^(bold(er)?|[6-9]\d\d)$/.test(value) && null },
  ],
  toDOM: () => ['strong', 0],
}

const italic: MarkSpec = {
  parseDOM: [
    { tag: 'em' },
    { tag: 'i', getAttrs: (element) => element.style.fontStyle !== 'normal' && null },
    { style: 'font-style=italic' },
  ],
  toDOM: () => ['em', 0],
}

/** `text-decoration` may name several lines at once, so one of them does not end the reading. */
function decorated(line: string): StyleParseRule[] {
  return ['text-decoration', 'text-decoration-line'].map((style) => ({
    style,
    consuming: false,
    getAttrs: (value) => value.split(/\s+/).includes(line) && null,
  }))
}

const underline: MarkSpec = {
  parseDOM: [{ tag: 'u' }, { tag: 'ins' }, ...decorated('underline')],
  toDOM: () => ['u', 0],
}

const strike: MarkSpec = {
  parseDOM: [{ tag: 's' }, { tag: 'del' }, { tag: 'strike' }, ...decorated('line-through')],
  toDOM: () => ['s', 0],
}

const code: MarkSpec = {
  code: true,
  parseDOM: [{ tag: 'code' }, { tag: 'kbd' }, { tag: 'samp' }, { tag: 'tt' }],
  toDOM: () => ['code', { spellcheck: 'false' }, 0],
}

const superscript: MarkSpec = {
  parseDOM: [{ tag: 'sup' }, { style: 'vertical-align=super' }],
  toDOM: () => ['sup', 0],
}

const subscript: MarkSpec = {
  parseDOM: [{ tag: 'sub' }, { style: 'vertical-align=sub' }],
  toDOM: () => ['sub', 0],
}

/** What a `<mark>` without a colour becomes. */
const highlightDefault = '#fff3a3'

const readOwnColor = (element: PageElement) => {
  const color = readColor(element.getAttribute('data-color'))
  return color === null ? null : { color }
}

/** Colours of CSS; black and transparent are what a page has anyway. */
const readStyleColor = (plain: readonly string[]) => (value: string) => {
  const color = readColor(value)
  return color !== null && !plain.includes(color) && { color }
}

const color: MarkSpec = {
  attrs: colorAttribute('a text colour'),
  parseDOM: [
    { tag: 'span[data-color]', getAttrs: (element) => readOwnColor(element) ?? false },
    { style: 'color', getAttrs: readStyleColor(['#000000']) },
  ],
  toDOM: (mark) => [
    'span',
    { style: `color: ${mark.attrs['color']}`, 'data-color': String(mark.attrs['color']) },
    0,
  ],
}

const highlight: MarkSpec = {
  attrs: colorAttribute('a highlight'),
  parseDOM: [
    {
      tag: 'mark',
      getAttrs: (element) =>
        readOwnColor(element) ?? {
          color: readColor(element.style.backgroundColor) ?? highlightDefault,
        },
    },
    // The ground of a cell is the cell's, not its text's.
    { style: 'background-color', context: 'table_row/', priority: 60, clearMark: () => false },
    { style: 'background-color', getAttrs: readStyleColor(['#ffffff']) },
  ],
  toDOM: (mark) => [
    'mark',
    {
      style: `background-color: ${mark.attrs['color']}`,
      'data-color': String(mark.attrs['color']),
    },
    0,
  ],
}

/** A font by its name and what comes nearest where it is not there, as `font-family` takes it. */
export const fontStack = (family: string): string => `"${family}", ${fallbackOf(family)}`

const fallbackOf = (family: string): string =>
  /serif$|times|georgia|garamond|cambria|palatino|baskerville|book/i.test(family)
    ? 'serif'
    : /mono|courier|consolas|menlo|code/i.test(family)
      ? 'monospace'
      : 'sans-serif'

/** One family by its name. Read from our own HTML only: elsewhere fonts are the look of the page. */
const font: MarkSpec = {
  attrs: {
    family: {
      validate: (value) => {
        if (!isFontFamily(value)) throw new RangeError('not the name of a font')
      },
    },
  },
  parseDOM: [
    {
      tag: 'span[data-font]',
      getAttrs: (element) => {
        const family = element.getAttribute('data-font')
        return isFontFamily(family) && { family }
      },
    },
  ],
  toDOM: ({ attrs: { family } }) => [
    'span',
    {
      style: `font-family: ${fontStack(String(family))}`,
      'data-font': String(family),
    },
    0,
  ],
}

/** The size of letters in points, as word processors count it. Read from our own HTML only. */
const fontSize: MarkSpec = {
  attrs: {
    points: {
      validate: (value) => {
        if (!isFontPoints(value)) throw new RangeError('not a size of letters')
      },
    },
  },
  parseDOM: [
    {
      tag: 'span[data-points]',
      getAttrs: (element) => {
        const points = Number(element.getAttribute('data-points'))
        return isFontPoints(points) && { points }
      },
    },
  ],
  toDOM: ({ attrs: { points } }) => [
    'span',
    { style: `font-size: ${points}pt`, 'data-points': String(points) },
    0,
  ],
}

const link: MarkSpec = {
  inclusive: false,
  attrs: {
    href: {
      validate: (value) => {
        if (safeHref(value) !== value) throw new RangeError('not an address that may be linked')
      },
    },
  },
  parseDOM: [
    {
      tag: 'a[href]',
      getAttrs: (element) => {
        const href = safeHref(element.getAttribute('href'))
        return href !== undefined && { href }
      },
    },
  ],
  toDOM: (mark) => [
    'a',
    { href: safeHref(mark.attrs['href']) ?? '#', rel: 'noopener noreferrer nofollow' },
    0,
  ],
}

/** Outermost first. */
export const marks: Readonly<Record<string, MarkSpec>> = {
  link,
  bold,
  italic,
  underline,
  strike,
  superscript,
  subscript,
  font,
  font_size: fontSize,
  color,
  highlight,
  code,
}
