/** The home page: the list of documents, and what can be done with them. */
import { expect, test } from './fixtures.ts'
import { Writer } from './writer.ts'
import type { Browser } from '@playwright/test'
import type { Served } from './served.ts'

/** Somebody at the home page; the console is looked at when they leave. */
async function atHome(
  browser: Browser,
  served: Served,
  visit: (writer: Writer) => Promise<void>,
): Promise<void> {
  const writer = await Writer.arrive(browser, { name: 'Ada' })
  try {
    await writer.page.goto(served.url)
    await visit(writer)
    expect(writer.complaints).toEqual([])
  } finally {
    await writer.close()
  }
}

test('a new document opens ready to write, and is in the list with its title', async ({
  browser,
  served,
}) => {
  await atHome(browser, served, async (ada) => {
    const { page } = ada
    await page.getByRole('button', { name: 'New document', exact: true }).click()
    await expect(page).toHaveURL(/\/d\/[A-Za-z0-9_-]+$/)
    await ada.ready()
    await expect(ada.paper).toBeFocused()
    await ada.type('Written at once')
    await page.getByLabel('Title').fill('The first one')
    await page.getByLabel('Title').press('Enter')
    await ada.status('saved')
    await page.getByRole('link', { name: 'All documents' }).click()
    const row = page.getByRole('listitem').first()
    await expect(row).toContainText('The first one')
    await expect(row).toContainText('just now')
    await row.getByRole('link').click()
    await ada.sees('Written at once')
  })
})

test('documents are listed newest first, and an edit brings one to the top', async ({
  browser,
  served,
  people,
}) => {
  const older = await served.create('Older')
  await served.create('Newer')
  await atHome(browser, served, async ({ page }) => {
    const titles = page.locator('.document-row__title')
    await expect(titles.nth(0)).toHaveText('Newer')
    await expect(titles.nth(1)).toHaveText('Older')
  })
  const ben = await people.join('Ben', { documentId: older })
  await ben.paper.click()
  await ben.type('changed')
  await ben.status('saved')
  await atHome(browser, served, async ({ page }) => {
    await expect(page.locator('.document-row__title').first()).toHaveText('Older')
  })
})

test('a document is renamed from its row', async ({ browser, served }) => {
  const id = await served.create('Old name')
  await atHome(browser, served, async ({ page }) => {
    await page.getByRole('button', { name: 'More for Old name' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('dialog').getByLabel('Title').fill('New name')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByRole('link', { name: /^New name\b/ })).toBeVisible()
  })
  expect(await served.describe(id)).toMatchObject({ title: 'New name' })
})

test('a document is deleted only after a question', async ({ browser, served }) => {
  const id = await served.create('Not needed')
  await atHome(browser, served, async ({ page }) => {
    const ask = async (): Promise<void> => {
      await page.getByRole('button', { name: 'More for Not needed' }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
    }
    await ask()
    await expect(page.getByRole('alertdialog')).toContainText('cannot be undone')
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await served.describe(id)).toBeDefined()
    await ask()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByRole('link', { name: 'Not needed' })).toHaveCount(0)
  })
  expect(await served.describe(id)).toBeUndefined()
})

test('a long list comes in pages', async ({ browser, served }) => {
  for (let count = 0; count < 45; count++) await served.create(`Page ${count}`)
  await atHome(browser, served, async ({ page }) => {
    const rows = page.locator('.document-row')
    await expect(rows).toHaveCount(30)
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(45)
    const titles = await page.locator('.document-row__title').allTextContents()
    const ours = titles.filter((title) => title.startsWith('Page '))
    expect(new Set(ours).size).toBe(45)
  })
})

test('a list that cannot be loaded says so, and a retry brings it', async ({ browser, served }) => {
  await served.create('Still there')
  await atHome(browser, served, async (ada) => {
    const { page } = ada
    ada.mayLoseNetwork = true
    await page.route('**/api/documents?*', (route) => route.abort())
    await page.reload()
    await expect(page.getByRole('alert')).toContainText('could not be loaded')
    await page.unroute('**/api/documents?*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByRole('link', { name: 'Still there' })).toBeVisible()
  })
})

test('name, colour and theme are kept over a reload', async ({ browser, served }) => {
  await atHome(browser, served, async ({ page }) => {
    await page.getByRole('button', { name: /^You are Ada/ }).click()
    await page.getByLabel('Your name, as others see it').fill('Augusta King')
    await page.getByTitle('Teal').click()
    await page.getByText('Dark', { exact: true }).click()
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await page.reload()
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await expect(page.getByRole('button', { name: /^You are Augusta King/ })).toContainText('AK')
  })
})

test('an address that leads nowhere says so, and leads back', async ({ browser, served }) => {
  await atHome(browser, served, async (ada) => {
    const { page } = ada
    // The browser itself reports the 404.
    ada.mayLoseNetwork = true
    await page.goto(`${served.url}/no/page`)
    await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible()
    await page.getByRole('link', { name: 'All documents' }).click()
    await expect(page.getByRole('heading', { name: 'Documents' })).toBeVisible()
  })
})
