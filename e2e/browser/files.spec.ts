/** Files in and out: what is downloaded can be opened again, with a colleague watching. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

async function download(page: Page, label: string): Promise<{ name: string; path: string }> {
  await page.getByRole('button', { name: 'Download' }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: label }).click(),
  ])
  return { name: file.suggestedFilename(), path: await file.path() }
}

const written = [
  'heading 1: Plan',
  'paragraph: with bold words',
  'bullet: one',
  '>bullet: inner',
  'number: first',
]

for (const [label, ending] of [
  ['Word (.docx)', 'docx'],
  ['Markdown (.md)', 'md'],
  ['Web page (.html)', 'html'],
] as const) {
  test(`a document goes out as ${label} and comes back the same`, async ({ people, served }) => {
    const ada = await people.join('Ada')
    await ada.paper.click()
    await ada.type('# Plan\nwith **bold** words\n- one\n')
    await ada.press('Tab')
    await ada.type('inner')
    await ada.press('Enter', 'Enter', 'Enter')
    await ada.type('1. first')
    await expect.poll(() => ada.lines()).toEqual(written)
    const { name, path } = await download(ada.page, label)
    expect(name.endsWith(`.${ending}`)).toBe(true)

    await ada.status('saved')
    await ada.page.goto(`${served.url}/`)
    await ada.page.getByLabel('File to open').setInputFiles({
      name: `Plan.${ending}`,
      mimeType: 'application/octet-stream',
      buffer: await readFile(path),
    })
    await ada.ready()
    await expect.poll(() => ada.lines()).toEqual(written)
    await expect(ada.paper.locator('strong')).toHaveText('bold')
    await ada.status('saved')
    const documentId = new URL(ada.page.url()).pathname.split('/').pop() ?? ''
    const ben = await people.join('Ben', { documentId })
    await expect.poll(() => ben.lines()).toEqual(written)
  })
}

test('a file that is none of these says so, and makes no document', async ({ people, served }) => {
  const ada = await people.join('Ada')
  await ada.page.goto(`${served.url}/`)
  for (const [name, words] of [
    ['a.pdf', 'neither Word'],
    ['a.docx', 'not a Word document'],
  ] as const) {
    const buffer = Buffer.from('no such thing')
    await ada.page
      .getByLabel('File to open')
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
    await expect(ada.page.getByRole('alert')).toContainText(words)
  }
  await expect(ada.page).toHaveURL(`${served.url}/`)
})

test('a download whose writer cannot be fetched says so', async ({ people }) => {
  const ada = await people.join('Ada')
  ada.mayLoseNetwork = true
  await ada.page.route(/\/assets\/convert-/, (route) => route.abort())
  await ada.page.getByRole('button', { name: 'Download' }).click()
  await ada.page.getByRole('menuitem', { name: 'Plain text' }).click()
  await expect(ada.page.getByRole('dialog')).toContainText('could not be made')
})
