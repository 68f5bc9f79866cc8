import { expect, test } from 'vitest'
import { type RoomFacts, settle } from './room-state.ts'

test('[RM3] [RM5] every combination of facts has the phase that the chart says', () => {
  const both = [false, true]
  for (const load of ['pending', 'done', 'failed'] as const)
    for (const sessionCount of [0, 2])
      for (const unsavedCount of [0, 3])
        for (const isIdleDue of both)
          for (const isCompacting of both)
            for (const isCondemned of both) {
              const facts: RoomFacts = {
                load,
                sessionCount,
                unsavedCount,
                isIdleDue,
                isCompacting,
                isCondemned,
              }
              const phase = settle(facts)
              const what = JSON.stringify(facts)
              if (load === 'pending') expect(phase, what).toBe('loading')
              if (load === 'failed') expect(phase, what).toBe('failed')
              if (load !== 'done') continue
              if (unsavedCount > 0) expect(['open', 'saving'], what).toContain(phase)
              if (sessionCount > 0 && !isCondemned) expect(phase, what).toBe('open')
              if (phase === 'absent') expect(unsavedCount, what).toBe(0)
              if (phase === 'unloading') expect(isCompacting, what).toBe(true)
            }
})
