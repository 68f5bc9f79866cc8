/**
 * Typography while typing: quotation marks of the language, ellipses, dashes, a few signs. Each is one
 * undo or Backspace away from what was typed. Code and addresses are left alone.
 */
import { InputRule } from 'prosemirror-inputrules'

/** Opening and closing, outer and inner. */
type Quotes = readonly [open: string, close: string, innerOpen: string, innerClose: string]

const english: Quotes = ['“', '”', '‘', '’']
const german: Quotes = ['„', '“', '‚', '‘']
const guillemets: Quotes = ['«', '»', '“', '”']
const scandinavian: Quotes = ['”', '”', '’', '’']

const quotesByLanguage: Readonly<Record<string, Quotes>> = {
  bg: german,
  cs: german,
  da: scandinavian,
  de: german,
  es: guillemets,
  fi: scandinavian,
  fr: ['«\u00a0', '\u00a0»', '“', '”'],
  it: guillemets,
  nb: ['«', '»', '‘', '’'],
  no: ['«', '»', '‘', '’'],
  pl: ['„', '”', '‚', '’'],
  pt: english,
  ru: ['«', '»', '„', '“'],
  sk: german,
  sv: scandinavian,
  uk: ['«', '»', '„', '“'],
}

/** After these, and at the start of a block, a quotation mark opens. */
const before = String.raw`(?:^|[\s\u00a0{[(<\u2013\u2014/"'“‘„‚«”’])`

/** A rule that puts `sign` in the place of what the only group of `pattern` matched. */
const swap = (pattern: RegExp, sign: string): InputRule =>
  new InputRule(
    pattern,
    (state, match, start, end) => {
      const typed = match[1] ?? match[0]
      const at = match[0].lastIndexOf(typed)
      const $from = state.doc.resolve(start + at)
      if (isLeftAlone(state.doc.textBetween($from.start(), $from.pos, '', '\ufffc'))) return null
      return state.tr.insertText(sign + match[0].slice(at + typed.length), $from.pos, end)
    },
    { inCodeMark: false },
  )

/** Whether an address or code that is still being typed goes on behind `text`. */
const isLeftAlone = (text: string): boolean =>
  /(?:^|\s)(?:\w+:\/\/|www\.)\S*$/i.test(text) || text.split('`').length % 2 === 0

/** The rules for a language (`de`, `de-AT` …); English where it is none of those known. */
export function typographyRules(language: string): readonly InputRule[] {
  const [open, close, innerOpen, innerClose] =
    quotesByLanguage[language.toLowerCase().split('-')[0] ?? ''] ?? english
  return [
    swap(/(\.\.\.)$/, '…'),
    // With the space behind it: `--port` is no dash.
    swap(/[^\s-]\s?(--)\s$/, '—'),
    swap(/(->)$/, '→'),
    swap(/(<-)$/, '←'),
    swap(/(\(c\))$/i, '©'),
    swap(/(\(r\))$/i, '®'),
    swap(/(\(tm\))$/i, '™'),
    swap(new RegExp(`${before}(")$`), open),
    swap(/(")$/, close),
    swap(new RegExp(`${before}(')$`), innerOpen),
    // Inside and at the end of a word it is an apostrophe, unless a quotation inside another one ends here.
    swap(new RegExp(`${innerOpen}[^${innerOpen}${innerClose}]*\\S(')$`), innerClose),
    swap(/(')$/, '’'),
  ]
}
