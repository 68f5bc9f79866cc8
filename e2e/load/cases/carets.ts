/**
 * What one colleague's caret costs the page of another: many colleagues in one document in a real
 * Chromium, of whom one moves in a frame, or many. The page is the playground with one person in it;
 * presence comes over its link, as bytes.
 */
import { type CDPSession, chromium, type Page } from '@playwright/test'
import type {} from '@quire/app-playground/window'
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { servePlayground } from '../../browser/playground/pages.ts'
import { chromiumLaunch } from '../../playwright.config.ts'
import { isQuick } from '../config.ts'
import { median, rounded } from '../results.ts'

const peopleCount = 200
const blockCount = 60
const frameCount = isQuick ? 20 : 200
/** Updates in a frame when 200 people move five times a second, at 60 frames a second. */
const updatesInFullFrame = 16

export interface Carets {
  readonly peopleCount: number
  /** Scripting, style and layout of a frame with one update, in ms: the median. */
  readonly oneMs: number
  /** The same for each update when everybody moves. */
  readonly eachOfManyMs: number
  readonly method: string
  readonly notes: readonly string[]
}

export async function measureCarets(): Promise<Carets> {
  const pages = await servePlayground()
  const browser = await chromium.launch(chromiumLaunch())
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 2_400 } })
    await page.goto(`${pages.url}/?people=1&blocks=${blockCount}`)
    await page.getByText('All equal').waitFor()
    const colleagues = await come(page)
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    const ones: number[] = []
    const manys: number[] = []
    for (let i = 0; i < frameCount; i++) {
      ones.push(await costOfFrame(page, session, colleagues.move(1)))
      manys.push(
        (await costOfFrame(page, session, colleagues.move(updatesInFullFrame))) /
          updatesInFullFrame,
      )
    }
    const idleMs = median(await idleFrames(page, session))
    const oneMs = Math.max(0, median(ones) - idleMs)
    const eachOfManyMs = Math.max(0, median(manys) - idleMs / updatesInFullFrame)
    return {
      peopleCount,
      oneMs,
      eachOfManyMs,
      method: `Carets: ${peopleCount} colleagues with carets in sight in a document of ${blockCount} blocks in Chromium, the whole editor; presence arrives as bytes. Scripting, style and layout of the page (CDP Performance) from the message to the end of the next frame, less those of a frame without one; ${frameCount} frames each, medians.`,
      notes: [
        `A frame with one presence update costs ${rounded(oneMs)} ms; with ${updatesInFullFrame}, as when all ${peopleCount} move five times a second, ${rounded(eachOfManyMs)} ms for each.`,
      ],
    }
  } finally {
    await browser.close()
    await pages.close()
  }
}

interface Colleagues {
  /** Presence updates of that many of them, who take turns, each at a new place. */
  move(count: number): readonly (readonly number[])[]
}

/** Colleagues with their carets all over the document. */
async function come(page: Page): Promise<Colleagues> {
  // Where carets may be, in the form of presence: told by the one person who is there.
  const places = await page.evaluate(() => {
    const person = window.playground?.people[0]
    if (!person) throw new Error('nobody is there')
    const { view } = person.editor
    view.focus()
    const Selection = Object.getPrototypeOf(view.state.selection.constructor) as {
      fromJSON(doc: unknown, json: unknown): typeof view.state.selection
    }
    const found: unknown[] = []
    view.state.doc.forEach((block, pos) => {
      for (let at = 1; at < block.content.size; at += 4) {
        const json = { type: 'text', anchor: pos + at, head: pos + at }
        view.dispatch(view.state.tr.setSelection(Selection.fromJSON(view.state.doc, json)))
        found.push(person.awareness.getLocalState()?.['cursor'])
      }
    })
    return found
  })
  const all = Array.from({ length: peopleCount }, (_, i) => {
    const awareness = new Awareness(new Y.Doc())
    const user = { name: `Colleague ${i}`, color: '#3f5bc4' }
    return { awareness, user }
  })
  let turn = 0
  const moved = (index: number): readonly number[] => {
    const { awareness, user } = all[index % all.length] as (typeof all)[number]
    turn += 7
    awareness.setLocalState({ user, cursor: places[turn % places.length] })
    return [...encodeAwarenessUpdate(awareness, [awareness.clientID])]
  }
  let next = 0
  const colleagues: Colleagues = {
    move: (count) => Array.from({ length: count }, () => moved(next++)),
  }
  await send(page, colleagues.move(peopleCount))
  await page
    .frameLocator('iframe')
    .locator('.quire-caret')
    .nth(peopleCount - 1)
    .waitFor({ state: 'attached' })
  for (const { awareness } of all) clearInterval(awareness._checkInterval)
  return colleagues
}

/** Sends presence over the link of the one person, and waits until the frame after it is done. */
async function send(page: Page, updates: readonly (readonly number[])[]): Promise<void> {
  await page.evaluate(
    (updates) =>
      new Promise<void>((resolve) => {
        const link = window.playground?.links[0]
        for (const update of updates) {
          link?.middle.send({ kind: 'presence', bytes: Uint8Array.from(update) })
        }
        // Two: the link delivers in a task of its own, and the editor draws in the frame after it.
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => resolve()
        setTimeout(() =>
          requestAnimationFrame(() => requestAnimationFrame(() => port2.postMessage(null))),
        )
      }),
    updates,
  )
}

async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0
  return 1_000 * (of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration'))
}

async function costOfFrame(
  page: Page,
  session: CDPSession,
  updates: readonly (readonly number[])[],
): Promise<number> {
  const before = await busyMs(session)
  await send(page, updates)
  return (await busyMs(session)) - before
}

async function idleFrames(page: Page, session: CDPSession): Promise<number[]> {
  const costs: number[] = []
  for (let i = 0; i < frameCount; i++) costs.push(await costOfFrame(page, session, []))
  return costs
}
