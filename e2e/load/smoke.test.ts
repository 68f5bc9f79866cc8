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
        socketCount: 5,
        typistCount: 2,
        keysPerSecondEach: 20,
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
      // 2 typists, 20 keys a second, 4 receivers each: 160 in one second; half of it on a busy machine.
      expect(row['deliveries']).toBeGreaterThan(80)
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
