/** Records where a page's time goes into the file that `QUIRE_PROFILE` names, if it does; DevTools opens it. It costs time itself: such a run measures nothing. */
import { writeFileSync } from 'node:fs'
import type { Page } from '@playwright/test'

/** The returned function ends the recording. */
export async function startProfile(page: Page): Promise<() => Promise<void>> {
  const file = process.env['QUIRE_PROFILE']
  if (file === undefined) return async () => undefined
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Profiler.enable')
  await cdp.send('Profiler.setSamplingInterval', { interval: 200 })
  await cdp.send('Profiler.start')
  return async () => {
    const { profile } = await cdp.send('Profiler.stop')
    writeFileSync(file, JSON.stringify(profile))
  }
}
