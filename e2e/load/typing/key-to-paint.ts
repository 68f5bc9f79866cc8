/**
 * How long keys take until they are on screen, in any page that has a text field with the focus.
 *
 * Keys are pressed through the DevTools protocol, so they come in by the way a keyboard's do. Measured
 * is, inside the page, from the `timeStamp` of the trusted `keydown`, which the browser sets before the
 * page's thread is asked (waiting behind other work counts), until the first task after the frame that
 * follows: `requestAnimationFrame`, in it a message to oneself, whose task runs when style, layout and
 * paint of that frame are done.
 */
import type { CDPSession, Page } from '@playwright/test'
import { percentile, rounded } from '../results.ts'

export interface Rhythm {
  readonly keyCount: number
  /** Keys before the first that counts: code gets warm, fonts are loaded. */
  readonly warmUpKeyCount: number
  readonly keyEveryMs: number
  /** A page that falls behind is pressed no further than this; what it answered until then counts. */
  readonly pressMsMax: number
}

export interface KeyTimes {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** In the order in which they were pressed. */
  readonly keyMs: readonly number[]
}

interface Probe {
  readonly keyMs: number[]
}

/** After the last key. */
const paintMsMax = 15_000
const typedText = 'a light wind from the west '

/** Presses keys in a rhythm where the page has its focus. Rejects when one of them never came to be painted. */
export async function timeKeys(page: Page, rhythm: Rhythm): Promise<KeyTimes> {
  await installProbe(page)
  const cdp = await page.context().newCDPSession(page)
  const total = rhythm.warmUpKeyCount + rhythm.keyCount
  const startMs = performance.now()
  let pressed = 0
  while (pressed < total && performance.now() - startMs < rhythm.pressMsMax) {
    await waitUntil(startMs + pressed * rhythm.keyEveryMs)
    await press(cdp, typedText.charAt(pressed % typedText.length))
    pressed += 1
  }
  const painted = await page
    .waitForFunction(
      (count) => (window as unknown as { keyProbe: Probe }).keyProbe.keyMs.length >= count,
      pressed,
      { timeout: paintMsMax },
    )
    .then(
      () => true,
      () => false,
    )
  if (!painted) {
    throw new Error(
      `${pressed} keys were not painted ${paintMsMax / 1000} s after the last of them`,
    )
  }
  const all = await page.evaluate(() => (window as unknown as { keyProbe: Probe }).keyProbe.keyMs)
  return timesOf(all.slice(rhythm.warmUpKeyCount))
}

function timesOf(keyMs: readonly number[]): KeyTimes {
  return {
    p50Ms: rounded(percentile(keyMs, 0.5)),
    p95Ms: rounded(percentile(keyMs, 0.95)),
    p99Ms: rounded(percentile(keyMs, 0.99)),
    maxMs: rounded(Math.max(...keyMs)),
    keyMs: keyMs.map((ms) => rounded(ms)),
  }
}

async function installProbe(page: Page): Promise<void> {
  await page.evaluate(() => {
    const keyMs: number[] = []
    Object.assign(window, { keyProbe: { keyMs } })
    addEventListener(
      'keydown',
      (event) => {
        const startMs = event.timeStamp
        requestAnimationFrame(() => {
          const channel = new MessageChannel()
          channel.port1.onmessage = () => keyMs.push(performance.now() - startMs)
          channel.port2.postMessage(undefined)
        })
      },
      { capture: true },
    )
  })
}

async function press(cdp: CDPSession, key: string): Promise<void> {
  const code = key === ' ' ? 'Space' : `Key${key.toUpperCase()}`
  const common = { key, code, windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0) }
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text: key, ...common })
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common })
}

function waitUntil(dueMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())))
}
