/**
 * What a word is to the search, for every database alike: both get lists of words and never see a
 * text, so no database's own rules about languages come into it.
 *
 * Words are runs of letters and digits, without case and accents. Of scripts that write without spaces
 * every two neighbouring letters are a word, and the last one alone: what is looked for may begin and
 * end anywhere.
 */

/** UTF-16 units of a word that count; longer ones are addresses or noise, and are found by their beginning. */
export const wordCharsMax = 40
/** Bytes of all different words of a document: PostgreSQL takes 1 MB for one, and a book has a tenth of it. */
const wordsBytesMax = 500_000
/** Words of a question that count. Nobody types more; who pastes a page is answered by its first words. */
export const questionWordsMax = 16

const unspaced =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const runs = /[\p{L}\p{N}\p{M}]+/gu
const parts = new RegExp(`${unspaced.source}+|(?:(?!${unspaced.source})[^])+`, 'gu')

/** Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic. In other scripts marks are letters of their own. */
const accents = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g

/** A word and the place of it in the text that was given, in UTF-16 units. */
export interface PlacedWord {
  readonly word: string
  readonly from: number
  readonly to: number
}

/** The words of `text` in order, with their places. */
export function* placedWords(text: string): Generator<PlacedWord> {
  for (const { 0: run, index } of text.matchAll(runs)) {
    for (const { 0: part, index: at } of run.matchAll(parts)) {
      const from = index + at
      if (!unspaced.test(part)) {
        const word = plain(part)
        if (word !== '') yield { word, from, to: from + part.length }
        continue
      }
      let place = from
      const letters = Array.from(part)
      for (const [i, letter] of letters.entries()) {
        const pair = letter + (letters[i + 1] ?? '')
        const word = plain(pair)
        if (word !== '') yield { word, from: place, to: place + pair.length }
        place += letter.length
      }
    }
  }
}

/** Without case and accents, and no longer than a word may be. */
function plain(text: string): string {
  // Some letters become others in lower case that have accents again: İ.
  const folded = text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(accents, '')
  const word = (folded.match(runs) ?? []).join('')
  if (word.length <= wordCharsMax) return word
  const isHalf = /[\ud800-\udbff]/.test(word.charAt(wordCharsMax - 1))
  return word.slice(0, isHalf ? wordCharsMax - 1 : wordCharsMax)
}

/** The different words of `text`, in the order of their first place, as far as they may count. */
export function wordsOf(text: string): string[] {
  const words = new Set<string>()
  let bytes = 0
  for (const { word } of placedWords(text)) {
    if (words.has(word)) continue
    bytes += Buffer.byteLength(word) + 8
    if (bytes > wordsBytesMax) break
    words.add(word)
  }
  return [...words]
}

/** The words of a question: each has to stand at the beginning of a word of the document. Empty for a question without a word. */
export function questionOf(text: string): string[] {
  const words: string[] = []
  const unspacedAlone = new Set<string>()
  for (const { word, to } of placedWords(text)) {
    const [first = ''] = word
    // The last letter of a run stands in its pair already; alone it would find what goes on with it, too.
    const isTail =
      unspaced.test(first) && Array.from(word).length === 1 && unspacedAlone.has(`${to}`)
    if (!isTail && !words.includes(word)) words.push(word)
    unspacedAlone.add(`${to}`)
  }
  return words.slice(0, questionWordsMax)
}
