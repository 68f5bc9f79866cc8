/**
 * Runs the benchmarks: `npm run bench` all of them, `npm run bench -- <case>` one. Each prints what it
 * found and leaves a page in `results/`. A goal that is not met is a finding, not a failure of the run.
 */
import { canMeasureCpu } from './process-cpu.ts'
import { type CaseResult, writeResult } from './results.ts'

interface Case {
  readonly name: string
  readonly needsProc: boolean
  readonly run: () => Promise<CaseResult>
}

const cases: readonly Case[] = [
  { name: 'fan-out', needsProc: true, run: async () => (await import('./fan-out.ts')).runFanOut() },
  {
    name: 'cold-join',
    needsProc: false,
    run: async () => (await import('./cold-join.ts')).runColdJoin(),
  },
  // Needs a browser, so it is loaded only when it runs.
  { name: 'typing', needsProc: false, run: async () => (await import('./typing.ts')).runTyping() },
]

const asked = process.argv[2]
const chosen = cases.filter(({ name }) => asked === undefined || name === asked)
if (chosen.length === 0) {
  process.stderr.write(
    `bench: no case ${JSON.stringify(asked)}; there are: ${cases.map(({ name }) => name).join(', ')}\n`,
  )
  process.exitCode = 2
}
for (const { name, needsProc, run } of chosen) {
  if (needsProc && !canMeasureCpu()) {
    process.stdout.write(`${name}: skipped, it reads CPU times from /proc, which only Linux has\n`)
    continue
  }
  process.stdout.write(`${name}\n`)
  const result = await run()
  const path = writeResult(result)
  process.stdout.write(
    `  ${result.isMet ? 'met' : 'NOT MET'}: ${result.measured}; goal ${result.goal}\n  ${path}\n`,
  )
}
