/**
 * Words and characters, counted as people do: by the rules of Unicode, so that Chinese and Thai have
 * words and a family emoji is one character. What was counted in a block is remembered with the block.
 */
import type { Node } from 'prosemirror-model'

export interface Counts {
  readonly words: number
  /** With spaces; line breaks and the ends of blocks are none. */
  readonly characters: number
  readonly charactersWithoutSpaces: number
}

const none: Counts = { words: 0, characters: 0, charactersWithoutSpaces: 0 }

const inBlocks = new WeakMap<Node, Counts>()
let segmenters: { readonly words: Intl.Segmenter; readonly signs: Intl.Segmenter } | null = null

/** Of what stands between two positions, by default of the whole document. The first count of a long document takes some tenths of a second. */
export function countsIn(doc: Node, from = 0, to: number = doc.content.size): Counts {
  let counts = none
  doc.nodesBetween(from, to, (block, pos) => {
    if (!block.isTextblock) return true
    const start = pos + 1
    const isWhole = from <= start && to >= start + block.content.size
    counts = sum(counts, isWhole ? ofBlock(block) : ofText(textOf(block, from - start, to - start)))
    return false
  })
  return counts
}

function ofBlock(block: Node): Counts {
  const known = inBlocks.get(block)
  if (known) return known
  const counts = ofText(textOf(block, 0, block.content.size))
  inBlocks.set(block, counts)
  return counts
}

const textOf = (block: Node, from: number, to: number): string =>
  block.textBetween(Math.max(0, from), Math.min(block.content.size, to), '\n', '\n')

function ofText(text: string): Counts {
  segmenters ??= {
    words: new Intl.Segmenter(undefined, { granularity: 'word' }),
    signs: new Intl.Segmenter(undefined, { granularity: 'grapheme' }),
  }
  let words = 0
  for (const { isWordLike } of segmenters.words.segment(text)) if (isWordLike) words += 1
  let characters = 0
  let charactersWithoutSpaces = 0
  for (const { segment } of segmenters.signs.segment(text)) {
    if (/^[\r\n]+$/.test(segment)) continue
    characters += 1
    if (!/^\s+$/.test(segment)) charactersWithoutSpaces += 1
  }
  return { words, characters, charactersWithoutSpaces }
}

const sum = (a: Counts, b: Counts): Counts => ({
  words: a.words + b.words,
  characters: a.characters + b.characters,
  charactersWithoutSpaces: a.charactersWithoutSpaces + b.charactersWithoutSpaces,
})
