/**
 * What it takes to change everything in a very long document: bold, a kind and an indent of all blocks, by
 * one of two people in a real Chromium. Both are pages of one process, so one waits for the other.
 */
import { chromium, type Page } from '@playwright/test'
import type {} from '@quire/app-playground/window'
import { servePlayground } from '../../browser/playground/pages.ts'
import { chromiumLaunch } from '../../playwright.config.ts'
import { isQuick } from '../config.ts'
import { rounded } from '../results.ts'

const blockCount = isQuick ? 1_000 : 20_000
/** Longer than anybody waits: what is not shown by then is told as a failure. */
const patienceMs = 120_000

const changes = ['bold', 'quote', 'indent', 'undo'] as const
type Change = (typeof changes)[number]

export interface Everything {
  readonly blockCount: number
  /** Scripts, styles and layout on the page of who does it, in ms. */
  readonly ownMs: Readonly<Record<Change, number>>
  /** From when it was done until the colleague's page shows it, in ms. */
  readonly colleagueMs: Readonly<Record<Change, number>>
  readonly method: string
  readonly notes: readonly string[]
}

export async function measureEverything(): Promise<Everything> {
  const pages = await servePlayground()
  const browser = await chromium.launch(chromiumLaunch())
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(patienceMs)
    await page.goto(`${pages.url}/?people=2&blocks=${blockCount}`)
    await page.getByText('All equal').waitFor()
    const own: Partial<Record<Change, number>> = {}
    const colleague: Partial<Record<Change, number>> = {}
    for (const change of changes) {
      const { ownMs, colleagueMs } = await measure(page, change)
      own[change] = ownMs
      colleague[change] = colleagueMs
      process.stdout.write(`  ${change}: ${rounded(ownMs)} / ${rounded(colleagueMs)} ms\n`)
    }
    return {
      blockCount,
      ownMs: own as Record<Change, number>,
      colleagueMs: colleague as Record<Change, number>,
      method: `Everything: all of ${blockCount} blocks selected and made bold, quotes, indented, and the last of it undone, in the playground with two people in Chromium. Own: the command, until it returns. Colleague: from then until the view of the other person is equal. Once, so good for magnitudes.`,
      notes: changes.map(
        (change) =>
          `${change} over ${blockCount} blocks: ${rounded((own[change] ?? 0) / 1_000)} s on the own page, ${rounded((colleague[change] ?? 0) / 1_000)} s more until the colleague has it.`,
      ),
    }
  } finally {
    await browser.close()
    await pages.close()
  }
}

async function measure(
  page: Page,
  change: Change,
): Promise<{ readonly ownMs: number; readonly colleagueMs: number }> {
  const ownMs = await page.evaluate((what) => {
    const person = window.playground?.people[0]
    if (!person) throw new Error('nobody is there')
    const { editor } = person
    const { view } = editor
    const All = Object.getPrototypeOf(view.state.selection.constructor) as {
      fromJSON(doc: unknown, json: unknown): typeof view.state.selection
    }
    view.focus()
    view.dispatch(view.state.tr.setSelection(All.fromJSON(view.state.doc, { type: 'all' })))
    const startMs = performance.now()
    if (what === 'bold') editor.commands.toggleMark('bold')
    else if (what === 'quote') editor.commands.setKind('quote')
    else if (what === 'indent') editor.commands.indent()
    else editor.undo()
    return performance.now() - startMs
  }, change)
  const startMs = performance.now()
  await page.waitForFunction(() => {
    const { playground } = window
    const [a, b] = playground?.people ?? []
    return (
      playground?.isSettled === true &&
      a &&
      b &&
      a.editor.view.state.doc.content.size === b.editor.view.state.doc.content.size &&
      JSON.stringify(a.editor.view.state.doc.child(7)) ===
        JSON.stringify(b.editor.view.state.doc.child(7))
    )
  })
  return { ownMs, colleagueMs: performance.now() - startMs }
}
