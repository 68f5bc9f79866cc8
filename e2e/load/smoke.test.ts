import { expect, test } from 'vitest'
import { runFanOut } from './cases/fan-out.ts'
import { fanOut } from './config.ts'
import { canMeasureCpu } from './process-cpu.ts'
import { goalsOf, pageOf } from './results.ts'

test.runIf(canMeasureCpu())(
  'a benchmark measures Quire beside the relay: everything arrives, and costs something',
  async () => {
    const result = await runFanOut(
      {
        ...fanOut,
        // Enough that the cheapest of them takes some hundredths of a second: /proc counts these.
        socketCount: 20,
        typistCount: 4,
        keysPerSecondEach: 50,
        warmUpMs: 200,
        settleMs: 200,
        measureMs: 1_000,
        roundCount: 1,
      },
      ['quire', 'relay'],
    )
    expect(result.rows.map(({ subject }) => subject)).toEqual(['quire', 'relay'])
    for (const row of result.rows) {
      expect(row['missing']).toBe(0)
      // 4 typists, 50 keys a second, 19 receivers each: 3,800 in one second; a fifth of it on a busy machine.
      expect(row['deliveries']).toBeGreaterThan(760)
      expect(row['p99Ms']).toBeGreaterThan(0)
    }
    expect(goalsOf(result).map(({ isMet }) => typeof isMet)).toEqual([
      'boolean',
      'undefined',
      'boolean',
    ])
    expect(pageOf(result, 'today')).toContain('| relay |')
  },
  60_000,
)
