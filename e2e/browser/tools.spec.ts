/** What helps with a document as a whole: contents, counts, the sheet of shortcuts, emoji, typed addresses. */
import { expect, test } from './fixtures.ts'

const wide = { viewport: { width: 1500, height: 800 } }

test('the contents follow headings that another writes, and lead there', async ({ people }) => {
  const ada = await people.join('Ada', wide)
  const ben = await people.join('Ben')
  await ben.paper.click()
  await ben.type('# Plan\nwords\n## Before\nmore\n## After\nlast')
  const contents = ada.page.getByRole('navigation', { name: 'Contents' })
  await expect(contents.getByRole('button')).toHaveText(['Plan', 'Before', 'After'])
  await ben.caret('after', 'Before')
  await ben.type(' noon')
  await expect(contents.getByRole('button')).toHaveText(['Plan', 'Before noon', 'After'])
  await contents.getByRole('button', { name: 'Before noon' }).click()
  await ada.type('!')
  await ben.sees('Before noon!')
})

test('words are counted, of the selection too, and Escape goes back to the text', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('one two three')
  await ada.select('two')
  await ada.press('Control+Shift+c')
  const dialog = ada.page.getByRole('dialog', { name: 'Word count' })
  await expect(dialog.getByRole('row', { name: /^Words/ })).toHaveText(/Words\s*1\s*3/)
  await ada.press('Escape')
  await expect(dialog).toHaveCount(0)
  await ada.type('2')
  await ada.sees('one 2 three')
})

test('the sheet of shortcuts opens by key and by the toolbar', async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.press('Control+/')
  const sheet = ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet.getByText('Strikethrough', { exact: true })).toBeVisible()
  await sheet.getByRole('button', { name: 'Close' }).click()
  await expect(sheet).toHaveCount(0)
  await ada.page.getByRole('button', { name: 'Tools' }).click()
  await ada.page.getByRole('menuitem', { name: /^Keyboard shortcuts/ }).click()
  await expect(sheet).toBeVisible()
})

test('emoji, quotation marks and addresses that one types, the other sees', async ({ people }) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  await ada.paper.click()
  await ada.type('"so" :tada')
  await expect(ada.page.getByRole('option').first()).toHaveText(/tada/)
  await ada.type(': at https://quire.test/a -- now')
  await ben.sees('“so” 🎉 at https://quire.test/a — now')
  await expect(ben.paper.getByRole('link')).toHaveAttribute('href', 'https://quire.test/a')
})
