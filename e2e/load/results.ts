/** Writes what a case measured: a JSON file with every round, and a page for people. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

export interface CaseResult {
  readonly name: string
  readonly question: string
  /** One line each: what runs where, and how it is counted. */
  readonly method: readonly string[]
  /** One row per subject: its name, then medians; column names carry units. */
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  readonly goal: string
  readonly isMet: boolean
  /** The measured value that the goal judges, for people. */
  readonly measured: string
  readonly notes: readonly string[]
  /** Every round, unprocessed. */
  readonly rounds: readonly unknown[]
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
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: rounded(totalmem() / 1024 ** 3, 1),
    system: `${process.platform} ${release()}`,
    node: process.version,
  }
  const base = `${folder}${date}-${result.name}`
  writeFileSync(`${base}.json`, `${JSON.stringify({ date, machine, ...result }, undefined, 1)}\n`)
  const columns = Object.keys(result.rows[0] ?? {})
  const page = [
    `# ${result.name}, ${date}`,
    '',
    result.question,
    '',
    `**${result.isMet ? 'Met' : 'Not met'}**: ${result.measured}; goal ${result.goal}.`,
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map(() => '---').join(' | ')} |`,
    ...result.rows.map((row) => `| ${columns.map((column) => row[column] ?? '').join(' | ')} |`),
    '',
    ...result.method.map((line) => `- ${line}`),
    ...result.notes.map((line) => `- ${line}`),
    `- Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}.`,
    '',
  ]
  writeFileSync(`${base}.md`, page.join('\n'))
  return `${base}.md`
}
