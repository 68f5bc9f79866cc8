/** Two texts with marks, compared word by word. Positions are UTF-16 units, as in Yjs. */
import type { TextRun } from './content-tree.ts'
import { matchSequences } from './match-sequences.ts'

/** A stretch of text: in both with the same marks, in both with other marks, only before, or only after. */
export type TextChange =
  | { readonly kind: 'same'; readonly run: TextRun }
  | { readonly kind: 'formatted'; readonly run: TextRun; readonly before: TextRun['marks'] }
  | { readonly kind: 'removed'; readonly run: TextRun }
  | { readonly kind: 'added'; readonly run: TextRun }

// Scripts without spaces are compared letter by letter; elsewhere a letter would tear words apart.
const words =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]|[\p{L}\p{N}\p{M}_]+|\s+|[^]/gu

/** A word, and the part of a run that it is or that it spans. */
interface Token {
  readonly key: string
  readonly runs: readonly TextRun[]
}

/** What leads from `before` to `after`, in order: the removed and the same are all of `before`, the added and the same all of `after`. */
export function diffRuns(before: readonly TextRun[], after: readonly TextRun[]): TextChange[] {
  const [a, b] = [tokensOf(before), tokensOf(after)]
  const changes: TextChange[] = []
  let atA = 0
  let atB = 0
  const matches = matchSequences(
    a.map(({ key }) => key),
    b.map(({ key }) => key),
  )
  for (const match of [...matches, { a: a.length, b: b.length, count: 0 }]) {
    for (; atA < match.a; atA++) push(changes, 'removed', a[atA]?.runs ?? [])
    for (; atB < match.b; atB++) push(changes, 'added', b[atB]?.runs ?? [])
    for (let at = 0; at < match.count; at++) {
      kept(changes, a[atA++]?.runs ?? [], b[atB++]?.runs ?? [])
    }
  }
  return changes
}

function tokensOf(runs: readonly TextRun[]): Token[] {
  const tokens: Token[] = []
  let open: { text: string; runs: TextRun[] } | undefined
  const close = (): void => {
    if (!open) return
    let start = 0
    for (const [word] of open.text.matchAll(words)) {
      tokens.push({ key: word, runs: slice(open.runs, start, start + word.length) })
      start += word.length
    }
    open = undefined
  }
  for (const run of runs) {
    if (run.embed) {
      close()
      tokens.push({ key: `\0${JSON.stringify(run.embed)}`, runs: [run] })
      continue
    }
    open ??= { text: '', runs: [] }
    open.text += run.text
    open.runs.push(run)
  }
  close()
  return tokens
}

/** The runs between two places of their common text. */
function slice(runs: readonly TextRun[], from: number, to: number): TextRun[] {
  const found: TextRun[] = []
  let start = 0
  for (const { text, marks } of runs) {
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start))
    if (part !== '') found.push({ text: part, marks })
    start += text.length
    if (start >= to) break
  }
  return found
}

/** Text that is in both: where the marks differ, its runs are cut so that each piece has one answer. */
function kept(changes: TextChange[], before: readonly TextRun[], after: readonly TextRun[]): void {
  const cuts = new Set<number>([0])
  for (const runs of [before, after]) {
    let at = 0
    for (const { text } of runs) cuts.add((at += text.length))
  }
  const places = [...cuts].toSorted((a, b) => a - b)
  const isEmbed = before[0]?.embed !== undefined
  for (const [at, from] of places.entries()) {
    const to = isEmbed ? 0 : places[at + 1]
    if (to === undefined) break
    const one = isEmbed ? before[0] : slice(before, from, to)[0]
    const other = isEmbed ? after[0] : slice(after, from, to)[0]
    if (!one || !other) continue
    if (isSameMarks(one.marks, other.marks)) push(changes, 'same', [other])
    else pushFormatted(changes, other, one.marks)
  }
}

/** Adds runs; one that continues the last change of the same kind and marks becomes part of it. */
function push(
  changes: TextChange[],
  kind: 'same' | 'removed' | 'added',
  runs: readonly TextRun[],
): void {
  for (const run of runs) {
    const last = changes.at(-1)
    const isContinued =
      last?.kind === kind && !last.run.embed && !run.embed && isSameMarks(last.run.marks, run.marks)
    if (isContinued) {
      changes[changes.length - 1] = {
        kind,
        run: { text: last.run.text + run.text, marks: run.marks },
      }
    } else {
      changes.push({ kind, run })
    }
  }
}

function pushFormatted(changes: TextChange[], run: TextRun, before: TextRun['marks']): void {
  const last = changes.at(-1)
  const isContinued =
    last?.kind === 'formatted' &&
    !last.run.embed &&
    !run.embed &&
    isSameMarks(last.before, before) &&
    isSameMarks(last.run.marks, run.marks)
  if (!isContinued) changes.push({ kind: 'formatted', run, before })
  else {
    const text = last.run.text + run.text
    changes[changes.length - 1] = { kind: 'formatted', run: { text, marks: run.marks }, before }
  }
}

function isSameMarks(one: TextRun['marks'], other: TextRun['marks']): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
