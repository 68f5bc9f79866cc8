/**
 * Runs the benchmarks: `npm run bench` all of them, `npm run bench -- <case> …` some. Each prints what
 * it found and leaves a page in `results/`, unless `QUIRE_BENCH=quick`. A goal that is not met is a
 * finding, not a failure of the run.
 */
import { isQuick } from './config.ts'
import { canMeasureCpu } from './process-cpu.ts'
import { type CaseResult, goalsOf, pageOf, verdict, writeResult } from './results.ts'

interface Case {
  readonly name: string
  readonly needsProc: boolean
  /** Imported only when it runs: `typing` needs a browser. */
  readonly run: () => Promise<CaseResult>
}

const cases: readonly Case[] = [
  {
    name: 'fan-out',
    needsProc: true,
    run: async () => (await import('./cases/fan-out.ts')).runFanOut(),
  },
  {
    name: 'saturation',
    needsProc: true,
    run: async () => (await import('./cases/saturation.ts')).runSaturation(),
  },
  {
    name: 'rooms',
    needsProc: true,
    run: async () => (await import('./cases/rooms.ts')).runRooms(),
  },
  {
    name: 'presence',
    needsProc: true,
    run: async () => (await import('./cases/presence.ts')).runPresence(),
  },
  {
    name: 'cold-join',
    needsProc: false,
    run: async () => (await import('./cases/cold-join.ts')).runColdJoin(),
  },
  {
    name: 'join',
    needsProc: true,
    run: async () => (await import('./cases/join.ts')).runJoin(),
  },
  {
    name: 'large',
    needsProc: true,
    run: async () => (await import('./cases/large.ts')).runLarge(),
  },
  {
    name: 'reconnect',
    needsProc: true,
    run: async () => (await import('./cases/reconnect.ts')).runReconnect(),
  },
  {
    name: 'ack',
    needsProc: true,
    run: async () => (await import('./cases/ack.ts')).runAck(),
  },
  {
    name: 'paused',
    needsProc: true,
    run: async () => (await import('./cases/paused.ts')).runPaused(),
  },
  {
    name: 'hostile',
    needsProc: true,
    run: async () => (await import('./cases/hostile.ts')).runHostile(),
  },
  {
    name: 'persistence',
    needsProc: false,
    run: async () => (await import('./cases/persistence.ts')).runPersistence(),
  },
  {
    name: 'conflicts',
    needsProc: false,
    run: async () => (await import('./cases/conflicts.ts')).runConflicts(),
  },
  {
    name: 'binding',
    needsProc: false,
    run: async () => (await import('./cases/binding.ts')).runBinding(),
  },
  {
    name: 'opening',
    needsProc: false,
    run: async () => (await import('./cases/opening.ts')).runOpening(),
  },
  { name: 'typing', needsProc: false, run: async () => (await import('./typing.ts')).runTyping() },
  {
    name: 'typing-five',
    needsProc: false,
    run: async () => (await import('./typing.ts')).runTypingFive(),
  },
  {
    name: 'typing-long',
    needsProc: false,
    run: async () => (await import('./typing.ts')).runTypingLong(),
  },
]

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => cases.every((known) => known.name !== name))
if (unknown.length > 0) {
  process.stderr.write(
    `bench: no case ${unknown.join(', ')}; there are: ${cases.map(({ name }) => name).join(', ')}\n`,
  )
  process.exitCode = 2
}
const chosen =
  unknown.length > 0 ? [] : cases.filter(({ name }) => asked.length === 0 || asked.includes(name))
for (const { name, needsProc, run } of chosen) {
  if (needsProc && !canMeasureCpu()) {
    process.stdout.write(`${name}: skipped, it reads CPU times from /proc, which only Linux has\n`)
    continue
  }
  process.stdout.write(`${name}\n`)
  const result = await run()
  for (const goal of goalsOf(result)) {
    process.stdout.write(`  ${verdict(goal)}: ${goal.measured}; goal ${goal.goal}\n`)
  }
  for (const note of result.notes) process.stdout.write(`  ${note}\n`)
  if (isQuick) process.stdout.write(`${pageOf(result, 'a quick run')}\n`)
  else process.stdout.write(`  ${writeResult(result)}\n`)
}
