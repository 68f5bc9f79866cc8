/**
 * What the tests at the playground get: people side by side on one page, each in a window of their own.
 *
 * After each test, without being asked: nobody types any more, links are joined and let go, everybody
 * has and sees the same document, and no page has complained on its console.
 */
import { test as base } from '@playwright/test'
import type {} from '@quire/app-playground/window'
import { type Pages, servePlayground } from './pages.ts'
import { Sitter } from './sitter.ts'

export interface Bench {
  /** Opens the page with some people; `query` adds to its address. They come in the order of names. */
  open(query?: string): Promise<readonly [Sitter, Sitter, ...Sitter[]]>
}

interface TestFixtures {
  readonly bench: Bench
}

interface WorkerFixtures {
  readonly pages: Pages
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  pages: [
    // Playwright reads which fixtures are wanted from this pattern: none.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const pages = await servePlayground()
      await use(pages)
      await pages.close()
    },
    { scope: 'worker' },
  ],
  bench: async ({ pages, page }, use) => {
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complaints.push(message.text())
    })
    await use({
      async open(query = 'people=2') {
        await page.goto(`${pages.url}/?${query}`)
        await page.getByText('All equal').waitFor()
        const names = await page.evaluate(() => window.playground?.people.map(({ name }) => name))
        const people = (names ?? []).map((name, index) => new Sitter(page, name, index))
        return people as unknown as readonly [Sitter, Sitter, ...Sitter[]]
      },
    })
    await expectAllEqual(page)
    expect(complaints).toEqual([])
  },
})

export const expect = test.expect

/** Ends all typing, joins what is cut, lets go what is held, and waits until all are equal. */
async function expectAllEqual(page: import('@playwright/test').Page): Promise<void> {
  const isLive = await page.evaluate(() => {
    const { playground } = window
    for (const person of playground?.people ?? []) person.typist.stop()
    for (const link of playground?.links ?? []) {
      link.set({ isCut: false, isHeld: false, isReordered: false, delayMs: 0 })
    }
    return playground !== undefined
  })
  if (!isLive) return
  await page.waitForFunction(() => window.playground?.isSettled)
  expect(await page.evaluate(() => window.playground?.differences())).toEqual([])
}
