/** A phone: 390 pixels, touch. Nothing is cut off, and the truth stays on screen. */
import type { Locator } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { Writer } from './writer.ts'

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true } as const

async function expectNoSidewaysScroll(writer: Writer): Promise<void> {
  const { scroll, client } = await writer.page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }))
  expect(scroll, 'the page is as wide as the phone').toBeLessThanOrEqual(client)
}

test('one writes on a phone, and the indicator is in sight with words', async ({ people }) => {
  const ada = await people.join('Ada', { ...phone, wire: 'held' })
  const ben = await people.join('Ben')
  await ada.paper.tap()
  await ada.type('Written on the way')
  await ben.sees('Written on the way')
  await expect(ada.indicator).toBeInViewport()
  await expect(ada.indicator).toContainText('Saved')
  await expectNoSidewaysScroll(ada)

  await ada.setWire('cut')
  await ada.status('offline')
  await ada.type('!')
  await expect(ada.indicator.getByText('Offline · 1', { exact: true })).toBeVisible()
  await expect(ada.indicator).toBeInViewport()
  await expectNoSidewaysScroll(ada)
  await ada.setWire('open')
  await ada.status('saved')
})

test('a wide table and a long word scroll inside the page, not the page itself', async ({
  people,
}) => {
  const ada = await people.join('Ada', phone)
  await people.join('Ben')
  await ada.paper.tap()
  await ada.type(`${'Donaudampfschifffahrt'.repeat(6)}\n`)
  await ada.insertTable()
  await expectNoSidewaysScroll(ada)
})

test('the toolbar is reachable, and marks what is selected', async ({ people }) => {
  const ada = await people.join('Ada', phone)
  await people.join('Ben')
  await ada.paper.tap()
  await ada.type('make this bold')
  await ada.select('this')
  const bold = ada.page.getByRole('button', { name: /^Bold/ })
  await bold.tap()
  await expect(ada.paper.locator('strong')).toHaveText('this')
})

test('the toolbar lies at the bottom, and menus and the search open above it', async ({
  people,
}) => {
  const ada = await people.join('Ada', phone)
  await ada.paper.tap()
  await ada.type('red and green')
  const bar = ada.page.getByRole('toolbar', { name: 'Formatting' })
  const { height } = phone.viewport
  const bottomOf = async (locator: Locator): Promise<number> => {
    const box = await locator.boundingBox()
    return box ? box.y + box.height : Number.NaN
  }
  expect(await bottomOf(bar)).toBeGreaterThan(height - 4)
  const top = (await bar.boundingBox())?.y ?? 0
  await ada.page.getByRole('button', { name: /^Block style/ }).tap()
  const menu = ada.page.getByRole('menu', { name: 'Block style' })
  await expect(menu).toBeVisible()
  await expect.poll(() => bottomOf(menu)).toBeLessThanOrEqual(top)
  await ada.press('Escape')
  await ada.press('Control+f')
  const search = ada.page.getByRole('search')
  await search.getByLabel('Find', { exact: true }).fill('green')
  await expect(search.getByRole('status')).toHaveText('1 of 1')
  expect(await bottomOf(search)).toBeLessThanOrEqual(top)
  await ada.press('Escape')
  await expectNoSidewaysScroll(ada)
})

test('the list fits a phone', async ({ browser, served }) => {
  await served.create('A title that is much too long for the width of a phone and goes on and on')
  const ada = await Writer.arrive(browser, { name: 'Ada', ...phone })
  try {
    await ada.page.goto(served.url)
    await expect(ada.page.locator('.document-row').first()).toBeVisible()
    await expectNoSidewaysScroll(ada)
    await expect(
      ada.page.getByRole('button', { name: 'New document', exact: true }),
    ).toBeInViewport()
    expect(ada.complaints).toEqual([])
  } finally {
    await ada.close()
  }
})
