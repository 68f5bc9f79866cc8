/**
 * Pictures of the playground, for looking at:
 *
 *     npx tsx --conditions=source e2e/browser/playground/screens.ts <folder>
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { chromiumLaunch } from '../../playwright.config.ts'
import type {} from '@quire/app-playground/window'
import { servePlayground } from './pages.ts'

const folder = process.argv[2] ?? 'playground-screens'
mkdirSync(folder, { recursive: true })

const desktop = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

interface Look {
  readonly name: string
  readonly viewport: { width: number; height: number }
  readonly colorScheme: 'light' | 'dark'
}

const looks: readonly Look[] = [
  { name: 'light', viewport: desktop, colorScheme: 'light' },
  { name: 'dark', viewport: desktop, colorScheme: 'dark' },
  { name: 'phone', viewport: phone, colorScheme: 'light' },
  { name: 'phone-dark', viewport: phone, colorScheme: 'dark' },
]

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

async function live(browser: Browser, url: string, look: Look): Promise<void> {
  const page = await browser.newPage({ viewport: look.viewport, colorScheme: look.colorScheme })
  page.on('pageerror', (error) => process.stderr.write(`${String(error.stack)}\n`))
  page.on('console', (message) => process.stderr.write(`${message.text()}\n`))
  await page.goto(url)
  await page.getByText('All equal').waitFor()
  const pane = (name: string) => page.getByRole('region', { name, exact: true })
  await page.frameLocator('iframe >> nth=1').getByText('the long one').click()
  await pane('Ben').getByRole('button', { name: 'Types' }).click()
  await page.waitForFunction(() => (window.playground?.people[1]?.typist.count ?? 0) > 12)
  await pane('Cleo').getByRole('button', { name: 'Cut' }).click()
  await pane('Ada').getByRole('button', { name: 'Hold' }).click()
  await page.waitForFunction(() => (window.playground?.people[1]?.typist.count ?? 0) > 40)
  await pane('Ada').getByText('Y.Doc and state').click()
  await picture(page, `live-${look.name}`)
  await page.close()
}

async function replay(browser: Browser, url: string, look: Look): Promise<void> {
  const page = await browser.newPage({ viewport: look.viewport, colorScheme: look.colorScheme })
  page.on('pageerror', (error) => process.stderr.write(`${String(error.stack)}\n`))
  page.on('console', (message) => process.stderr.write(`${message.text()}\n`))
  await page.goto(`${url}/?seed=${process.argv[3] ?? '7'}&step=40`)
  await page.getByRole('group', { name: 'Replay' }).waitFor()
  await picture(page, `replay-${look.name}`)
  await page.getByRole('button', { name: 'To the end' }).click()
  await picture(page, `replay-end-${look.name}`)
  await page.close()
}

const pages = await servePlayground()
const browser = await chromium.launch(chromiumLaunch())
try {
  for (const look of looks) {
    await live(browser, pages.url, look)
    await replay(browser, pages.url, look)
  }
} finally {
  await browser.close()
  await pages.close()
}
