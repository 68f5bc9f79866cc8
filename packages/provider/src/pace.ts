/**
 * Pace. When work may run that the letter somebody is just typing need not wait for: taking in what
 * others wrote, writing the copy. Decides nothing about what is true; it only puts off.
 *
 * 1. From a key until its frame is painted, such work waits. Then all of it runs.
 * 2. While somebody types, it waits for the next key's frame or for `lullMs`, whichever comes first, so
 *    that what several people write is taken in together.
 * 3. Otherwise it runs at once, inside the call.
 * 4. Nothing waits longer than `waitMsMax`, and nothing waits on a page that is left.
 */
import type { Clock, Timer } from '@quire/base'
import type { PageTarget } from './page.ts'

/** Calls `task` once, soon: inside the call or a moment later. Tasks run in the order in which they came. */
export type Pace = (task: () => void) => void

export interface TypingPace {
  readonly run: Pace
  /** Runs what waits, and stops listening. */
  stop(): void
}

/** A frame that does not come, because the page is hidden or too busy, is waited for no longer than this. */
export const waitMsMax = 100
/** After a key one types for this long; 60 keys a minute are still typing. */
export const typingMs = 1_000
/** From the frame of a key on, as long as other threads may need to draw what it lays out. */
export const drawMs = 8
/** Short enough to see others type, long enough to take in several of them at once. */
export const lullMs = 40

const modifiers: ReadonlySet<unknown> = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta'])

export interface TypingPaceOptions {
  /** Where keys are heard. */
  readonly page: PageTarget
  /** Calls back before the next paint: `requestAnimationFrame`. */
  readonly frame: (callback: () => void) => void
  readonly clock: Clock
}

/** The pace of a page on which somebody types. */
export function createTypingPace({ page, frame, clock }: TypingPaceOptions): TypingPace {
  let waiting: (() => void)[] = []
  let isKeyUnderWay = false
  let lastKeyMs = Number.NEGATIVE_INFINITY
  let deadline: Timer | undefined

  function release(): void {
    deadline?.cancel()
    deadline = undefined
    const due = waiting
    waiting = []
    for (const task of due) task()
  }

  function painted(): void {
    isKeyUnderWay = false
    release()
  }

  function onKey(event: Event): void {
    if ('key' in event && modifiers.has(event.key)) return
    lastKeyMs = clock.nowMs()
    if (isKeyUnderWay) return
    isKeyUnderWay = true
    frame(() => clock.after(drawMs, painted))
    if (waiting.length > 0) waitFor(waitMsMax)
  }

  function waitFor(delayMs: number): void {
    deadline?.cancel()
    deadline = clock.after(delayMs, painted)
  }

  // `beforeinput` for what is written without keys: by voice, by a phone's keyboard.
  const keys = ['keydown', 'beforeinput'] as const
  const leaves = ['pagehide', 'visibilitychange'] as const
  for (const name of keys) page.addEventListener(name, onKey, { capture: true, passive: true })
  for (const name of leaves) page.addEventListener(name, painted)

  return {
    run(task) {
      const isTyping = clock.nowMs() - lastKeyMs < typingMs
      if (waiting.length === 0 && !isKeyUnderWay && !isTyping) return task()
      waiting.push(task)
      if (waiting.length === 1) waitFor(isKeyUnderWay ? waitMsMax : lullMs)
    },
    stop() {
      for (const name of keys) page.removeEventListener(name, onKey, { capture: true })
      for (const name of leaves) page.removeEventListener(name, painted)
      painted()
    },
  }
}

/** The pace of this page; none where nothing is painted. */
export function typingPaceOf(page: PageTarget | undefined, clock: Clock): TypingPace | undefined {
  if (page === undefined || typeof requestAnimationFrame !== 'function') return undefined
  return createTypingPace({ page, frame: (callback) => requestAnimationFrame(callback), clock })
}
