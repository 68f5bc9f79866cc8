/**
 * Not a test: writes pictures of the app, for looking at.
 * `npx tsx --conditions=source e2e/browser/screens.ts <folder>`; the web app must be built.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { chromiumLaunch } from '../playwright.config.ts'
import { type Served, serve } from './served.ts'
import { Writer, type WriterOptions } from './writer.ts'

const folder = process.argv[2]
if (folder === undefined) {
  process.stderr.write('screens: give the folder to write to\n')
  process.exit(2)
}
await mkdir(folder, { recursive: true })

const desktop = { viewport: { width: 1280, height: 800 } }
const phone = { viewport: { width: 390, height: 844 } }

async function arrive(
  browser: Browser,
  name: string,
  options: Omit<WriterOptions, 'name'>,
): Promise<Writer> {
  const writer = await Writer.arrive(browser, { name, ...options })
  await writer.holdTheWire()
  return writer
}

async function picture(writer: Writer, name: string): Promise<void> {
  await writer.page.evaluate(() => document.fonts.ready)
  await writer.page.screenshot({ path: join(folder ?? '.', `${name}.png`), animations: 'disabled' })
  for (const complaint of writer.complaints.splice(0)) {
    process.stdout.write(`${name}: ${complaint.text}\n`)
  }
}

/** Something of everything, written as a person would. */
async function writeRichly(ada: Writer): Promise<void> {
  await ada.paper.click()
  await ada.type('# A house for documents\n')
  await ada.type(
    'Quire keeps what several people write **at the same time**. This page shows *what it can hold*, from ~~scratch~~ memory, with `code` inside a line.\n',
  )
  await ada.type('## What we promise\n- Saved means saved\nA colleague’s typing survives\n')
  await ada.press('Tab')
  await ada.type('also when the block becomes a heading\n')
  await ada.press('Shift+Tab')
  await ada.type('The truth is always on screen\n')
  await ada.press('Enter')
  await ada.type('1. first\nsecond\n')
  await ada.press('Enter')
  await ada.type('[] write the minutes\nsend them around\n')
  await ada.press('Enter')
  await ada.type('> A quire is a gathering of folded leaves.\n')
  await ada.press('Enter')
  await ada.type('```')
  await ada.type('const sheets = leaves.map(fold)\n')
  await ada.type('bind(sheets)')
  await ada.press('ArrowDown')
  await ada.press('Control+End')
  await ada.press('Enter')
}

async function home(browser: Browser, served: Served): Promise<void> {
  for (const [scheme, size, suffix] of [
    ['light', desktop, 'light'],
    ['dark', desktop, 'dark'],
    ['light', phone, 'phone'],
  ] as const) {
    const ada = await arrive(browser, 'Ada King', { ...size, colorScheme: scheme })
    await ada.page.goto(served.url)
    await ada.page.locator('.documents, .home__state').waitFor()
    await picture(ada, `home-${suffix}`)
    await ada.close()
  }
}

async function documents(browser: Browser, served: Served): Promise<void> {
  const documentId = await served.create('A house for documents')
  const url = `${served.url}/d/${documentId}`
  const ada = await arrive(browser, 'Ada King', desktop)
  await ada.open(url)
  await picture(ada, 'document-empty')
  await writeRichly(ada)
  const ben = await arrive(browser, 'Ben Ito', desktop)
  await ben.open(url)
  const cleo = await arrive(browser, 'Cleo Marsh', desktop)
  await cleo.open(url)
  await ben.sees('bind(sheets)')
  await ben.caret('after', 'at the same time')
  await cleo.select('several people')
  await ada.caret('before', 'What we promise')
  await ada.page.waitForFunction(
    () => document.querySelectorAll('.quire-caret').length === 2,
    undefined,
    { timeout: 5_000 },
  )
  await picture(ada, 'document-carets')
  await ada.page.setViewportSize({ width: 1280, height: 1500 })
  await picture(ada, 'document-whole')
  await ada.page.setViewportSize(desktop.viewport)

  await ada.page.getByRole('button', { name: /^You are/ }).click()
  await picture(ada, 'menu-profile')
  await ada.page.keyboard.press('Escape')
  await ada.page.getByRole('button', { name: 'Share' }).click()
  await picture(ada, 'menu-share')
  await ada.page.keyboard.press('Escape')
  await ada.indicator.click()
  await picture(ada, 'menu-saved')
  await ada.page.keyboard.press('Escape')
  await ada.select('several people')
  await ada.press('Control+k')
  await picture(ada, 'menu-link')
  await ada.press('Escape')
  await ada.page.waitForTimeout(200)

  await ada.press('Control+End')
  await ada.page.waitForTimeout(200)
  await ada.type('/')
  await ada.page.getByRole('listbox').waitFor()
  await picture(ada, 'menu-slash')
  await ada.press('Backspace')
  await ada.insertTable()
  await ada.type('Name')
  await ada.press('Tab')
  await ada.type('Colour')
  await picture(ada, 'document-table')

  await ada.setWire('cut')
  await ada.status('offline')
  await ada.type('offline')
  await picture(ada, 'document-offline')
  await ada.indicator.click()
  await picture(ada, 'menu-offline')
  await ada.page.keyboard.press('Escape')
  await ada.setWire('open')
  await ada.status('saved')

  for (const [name, options] of [
    ['document-dark', { ...desktop, colorScheme: 'dark' }],
    ['document-phone', phone],
    ['document-phone-dark', { ...phone, colorScheme: 'dark' }],
  ] as const) {
    const reader = await arrive(browser, 'Dan Ross', options)
    await reader.open(url)
    await reader.status('saved')
    await reader.sees('A house for documents')
    await picture(reader, name)
    if (name === 'document-phone') {
      await reader.setWire('cut')
      await reader.status('offline')
      await reader.caret('after', 'What we promise')
      await reader.type('!')
      await picture(reader, 'document-phone-offline')
    }
    await reader.close()
  }

  await fetch(`${served.url}/api/documents/${documentId}`, { method: 'DELETE' })
  await ada.status('refused')
  await picture(ada, 'document-deleted')
  await ada.page.goto(url)
  await ada.page.getByRole('heading').waitFor()
  await picture(ada, 'document-missing')
  for (const writer of [ada, ben, cleo]) await writer.close()
}

/** A document of which this version does not know two blocks, one of them in a table. */
async function lockedParts(browser: Browser, served: Served): Promise<void> {
  const documentId = await served.create('Plans for the summer')
  const url = `${served.url}/d/${documentId}`
  const ada = await arrive(browser, 'Ada King', desktop)
  await ada.open(url)
  await ada.paper.click()
  await ada.type('# Plans for the summer\nWhat each of us would like to do:\n')
  await ada.insertTable()
  await ada.type('Ada')
  await ada.press('Control+End')
  await ada.press('ArrowDown')
  await ada.type('Then we choose.')
  await ada.status('saved')
  await ada.page.evaluate(() => {
    const { doc } = window.quire ?? {}
    const content = doc?.getXmlFragment('content')
    const Element = content?.get(0).constructor as (new (name: string) => never) | undefined
    if (!content || !Element) throw new Error('no document')
    content.insert(2, [new Element('poll')])
    const table = content
      .toArray()
      .find((child) => (child as { nodeName?: string }).nodeName === 'table')
    const cells = (table as typeof content).get(1) as unknown as typeof content
    ;(cells.get(1) as unknown as typeof content).insert(0, [new Element('poll')])
  })
  await ada.page.locator('[data-locked]').nth(1).waitFor()
  await picture(ada, 'document-locked')
  await ada.page.locator('[data-locked]').first().click()
  await picture(ada, 'document-locked-selected')
  const dan = await arrive(browser, 'Dan Ross', { ...desktop, colorScheme: 'dark' })
  await dan.open(url)
  await dan.page.locator('[data-locked]').nth(1).waitFor()
  await picture(dan, 'document-locked-dark')
  for (const writer of [ada, dan]) await writer.close()
}

const served = await serve()
const browser = await chromium.launch(chromiumLaunch())
try {
  await home(browser, served)
  for (const title of [
    'Packing list',
    'Letter to the council',
    '',
    'Minutes of the Tuesday meeting',
  ]) {
    await served.create(title)
  }
  await documents(browser, served)
  await lockedParts(browser, served)
  const list = await arrive(browser, 'Ada King', desktop)
  await list.page.goto(served.url)
  await list.page.locator('.document-row').first().waitFor()
  await picture(list, 'home-list')
  await list.close()
} finally {
  await browser.close()
  await served.close()
}
