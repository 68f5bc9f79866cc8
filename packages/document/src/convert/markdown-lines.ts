/** What the first line of a quote or an item says of it: an alert of GitHub's, the box of a task. */
import type MarkdownIt from 'markdown-it'
import type { Tone } from '../schema/attributes.ts'

type Token = ReturnType<MarkdownIt['parse']>[number]

/** GitHub's words for tones; a note is what a callout is anyway. */
const toneOf: Readonly<Record<string, Tone | null>> = {
  NOTE: null,
  IMPORTANT: null,
  TIP: 'success',
  WARNING: 'warning',
  CAUTION: 'danger',
}

/** The tone of an alert whose first line this is; undefined for any other line. */
export function alertOf(tokens: readonly Token[]): Tone | null | undefined {
  const word = /^\[!([A-Za-z]+)\]$/.exec(tokens[0]?.content.trim() ?? '')?.[1]?.toUpperCase()
  const isAlone = tokens.length === 1 || tokens[1]?.type === 'softbreak'
  return word !== undefined && isAlone && Object.hasOwn(toneOf, word) ? toneOf[word] : undefined
}

export function withoutBox([first, ...rest]: readonly Token[]): Token[] {
  if (!first) return []
  const text = Object.assign(Object.create(Object.getPrototypeOf(first)), first) as Token
  text.content = first.content.replace(/^\[[ xX]\]\s?/, '')
  return [text, ...rest]
}
