/**
 * Rounds: every subject once in each, side by side in one run and in alternating order, so that a
 * machine that slows down slows everybody; then medians, ratios and the notes a reader must have.
 */
import { type GoalResult, median, type Row, rounded } from './results.ts'
import { chooseSubjects, isQuireBuilt, type Subject, type SubjectName } from './subjects/subject.ts'

export type Numbers = Readonly<Record<string, number>>

export interface Round<Values extends Numbers> {
  readonly subject: SubjectName
  readonly values: Values
}

export interface Rounds<Values extends Numbers> {
  readonly rounds: readonly Round<Values>[]
  readonly notes: readonly string[]
  /** What each subject is; for the method of a page. */
  readonly method: readonly string[]
  readonly has: (subject: SubjectName) => boolean
  /** The median of a column; NaN for a subject that did not run. */
  readonly of: (subject: SubjectName, column: keyof Values & string) => number
}

export interface RoundsOptions<Values extends Numbers> {
  readonly subjects: readonly SubjectName[]
  readonly roundCount: number
  /** Measures one subject on a fresh server. */
  readonly run: (subject: Subject) => Promise<Values>
  /** One line about a round for those who watch. */
  readonly line: (values: Values) => string
}

/** Above this share of its event loop the generator measures itself. */
export const generatorBusyShareMax = 0.8
/** Above this many cores of other work a reader should know. */
const othersBusyMax = 0.1

export async function runRounds<Values extends Numbers>(
  options: RoundsOptions<Values>,
): Promise<Rounds<Values>> {
  const { subjects, notes: absences } = chooseSubjects(options.subjects)
  const rounds: Round<Values>[] = []
  const failures: string[] = []
  for (let i = 0; i < options.roundCount; i++) {
    for (const subject of i % 2 === 0 ? subjects : subjects.toReversed()) {
      try {
        const values = await options.run(subject)
        rounds.push({ subject: subject.name, values })
        process.stdout.write(`  round ${i + 1} ${subject.name}: ${options.line(values)}\n`)
      } catch (error) {
        // A peer that does not survive a case is a result of it; Quire has to.
        if (!subject.isPeer) throw error
        const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
        failures.push(`${subject.name} failed in round ${i + 1}: ${why}.`)
        process.stdout.write(`  round ${i + 1} ${subject.name}: failed, ${why}\n`)
      }
    }
  }
  const of = (name: SubjectName, column: keyof Values & string): number =>
    median(
      rounds
        .filter(({ subject }) => subject === name)
        .map(({ values }) => values[column] as number),
    )
  return {
    rounds,
    notes: [...absences, ...failures, ...conditionsOf(rounds)],
    method: subjects.map(({ name, what }) => `\`${name}\`: ${what}.`),
    has: (name) => rounds.some(({ subject }) => subject === name),
    of,
  }
}

/** What about the run itself bears on the figures. */
function conditionsOf(rounds: readonly Round<Numbers>[]): readonly string[] {
  const notes: string[] = []
  const limited = rounds.filter(
    ({ values }) => (values['generatorBusyShare'] ?? 0) > generatorBusyShareMax,
  )
  if (limited.length > 0) {
    const names = [...new Set(limited.map(({ subject }) => subject))]
    notes.push(
      `The load generator was the limit in at least one round (${names.join(', ')}): latencies there are its own.`,
    )
  }
  const others = median(rounds.flatMap(({ values }) => values['othersBusyCores'] ?? []))
  if (others > othersBusyMax) {
    notes.push(
      `The machine was busy with other work: ${rounded(others)} cores (median of the rounds). Ratios stand; absolute numbers and tails suffer.`,
    )
  }
  if (!isQuireBuilt)
    notes.push('Quire ran from its sources, which also compiles them: build first.')
  return notes
}

/** One row per subject that ran; `columns` gives the digits of each. */
export function rowsOf<Values extends Numbers>(
  { rounds, of }: Rounds<Values>,
  columns: { readonly [Column in keyof Values & string]?: number },
): readonly Row[] {
  const names = [...new Set(rounds.map(({ subject }) => subject))]
  const order: readonly SubjectName[] = [
    'quire',
    'quire-memory',
    'relay',
    'hocuspocus',
    'hocuspocus-sqlite',
    'y-websocket-server',
    'y-websocket-server-leveldb',
  ]
  return order
    .filter((name) => names.includes(name))
    .map((subject) => ({
      subject,
      ...Object.fromEntries(
        Object.entries(columns).map(([column, digits]) => [
          column,
          numberOrDash(of(subject, column), digits as number),
        ]),
      ),
    }))
}

function numberOrDash(value: number, digits: number): number | string {
  return Number.isFinite(value) ? rounded(value, digits) : '–'
}

/** Judges `value` against `max` times `other`. */
export function ratioGoal(what: string, value: number, other: number, max: number): GoalResult {
  const ratio = value / other
  return {
    goal: `≤ ${max}×`,
    measured: `${what}: ${Number.isFinite(ratio) ? `${rounded(ratio)}×` : 'no comparison'}`,
    isMet: Number.isFinite(ratio) ? ratio <= max : undefined,
  }
}

/** Judges `value` against `max` in `unit`. */
export function boundGoal(what: string, value: number, max: number, unit: string): GoalResult {
  const isKnown = Number.isFinite(value) && Number.isFinite(max)
  return {
    goal: Number.isFinite(max) ? `≤ ${rounded(max)} ${unit}` : 'what did not run',
    measured: `${what}: ${Number.isFinite(value) ? `${rounded(value)} ${unit}` : 'not measured'}`,
    isMet: isKnown ? value <= max : undefined,
  }
}

export function leastOf(values: readonly number[]): number {
  const known = values.filter(Number.isFinite)
  return known.length === 0 ? Number.NaN : Math.min(...known)
}
