/** The piece of a text that shows why it was found. Pure. */
import { placedWords } from './words.ts'

/** A stretch of a snippet; the matches are what was looked for. */
export interface SnippetPart {
  readonly text: string
  readonly isMatch: boolean
}

/** UTF-16 units of a snippet: two lines of a list. */
const snippetChars = 160
/** Of these, so many stand before the first match. */
const leadChars = 40

/** The surroundings of the first match of `words` in `text`, or the beginning where nothing of it is found. White space is one space. */
export function snippetOf(text: string, words: readonly string[]): SnippetPart[] {
  const matches: { from: number; to: number }[] = []
  let start = 0
  for (const { word, from, to } of placedWords(text)) {
    if (matches.length > 0 && from > start + snippetChars) break
    if (!words.some((wanted) => word.startsWith(wanted))) continue
    if (matches.length === 0) start = startAt(text, from)
    const last = matches.at(-1)
    // Neighbouring pairs of letters overlap.
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else matches.push({ from, to })
  }
  const end = endAt(text, Math.min(text.length, start + snippetChars))
  const parts: SnippetPart[] = []
  let at = start
  const push = (to: number, isMatch: boolean): void => {
    const piece = text.slice(at, to).replace(/\s+/g, ' ')
    if (piece !== '') parts.push({ text: piece, isMatch })
    at = to
  }
  for (const { from, to } of matches) {
    if (to > end) break
    push(from, false)
    push(to, true)
  }
  push(end, false)
  return parts
}

/** At the beginning of a word some letters before `match`. */
function startAt(text: string, match: number): number {
  if (match <= leadChars) return 0
  const space = text.slice(match - leadChars, match).search(/\s/)
  return endAt(text, space < 0 ? match : match - leadChars + space + 1)
}

/** `at`, but not inside of a letter of two units. */
function endAt(text: string, at: number): number {
  return at > 0 && /[\ud800-\udbff]/.test(text.charAt(at - 1)) ? at - 1 : at
}
