/** Writes what a case measured: a JSON file with every round, and a page for people. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { thisMachine } from './machine.ts'

export interface GoalResult {
  readonly goal: string
  /** The measured value that the goal judges, for people. */
  readonly measured: string
  /** Undefined when what it compares with was not there. */
  readonly isMet: boolean | undefined
}

export type Row = Readonly<Record<string, string | number>>

interface Findings {
  readonly name: string
  readonly question: string
  /** One line each: what runs where, and how it is counted. */
  readonly method: readonly string[]
  /** One row per subject: its name, then medians; column names carry units. */
  readonly rows: readonly Row[]
  readonly notes: readonly string[]
  /** Every round, unprocessed. */
  readonly rounds: readonly unknown[]
}

/** What a case found, with one goal or several. */
export type CaseResult = Findings &
  (
    | { readonly goal: string; readonly isMet: boolean; readonly measured: string }
    | { readonly goals: readonly GoalResult[] }
  )

export function goalsOf(result: CaseResult): readonly GoalResult[] {
  if ('goals' in result) return result.goals
  const { goal, isMet, measured } = result
  return [{ goal, isMet, measured }]
}

export function verdict({ isMet }: GoalResult): 'Met' | 'Not met' | 'Not judged' {
  if (isMet === undefined) return 'Not judged'
  return isMet ? 'Met' : 'Not met'
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** The value at share `share` (0 to 1) of the sorted values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}

/** Writes `results/<date>-<case>.json` and `.md`; returns the path of the page. */
export function writeResult(result: CaseResult): string {
  const folder = fileURLToPath(new URL('./results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const date = new Date().toISOString().slice(0, 10)
  const machine = thisMachine()
  const base = `${folder}${date}-${result.name}`
  writeFileSync(`${base}.json`, `${JSON.stringify({ date, machine, ...result }, undefined, 1)}\n`)
  writeFileSync(`${base}.md`, pageOf(result, date))
  return `${base}.md`
}

/** The page for people, as Markdown. */
export function pageOf(result: CaseResult, date: string): string {
  const machine = thisMachine()
  const columns = Object.keys(result.rows[0] ?? {})
  return [
    `# ${result.name}, ${date}`,
    '',
    result.question,
    '',
    ...goalsOf(result).map(
      (goal) => `- **${verdict(goal)}**: ${goal.measured}; goal ${goal.goal}.`,
    ),
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map(() => '---').join(' | ')} |`,
    ...result.rows.map((row) => `| ${columns.map((column) => row[column] ?? '').join(' | ')} |`),
    '',
    ...result.method.map((line) => `- ${line}`),
    ...result.notes.map((line) => `- ${line}`),
    `- Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}.`,
    '',
  ].join('\n')
}
