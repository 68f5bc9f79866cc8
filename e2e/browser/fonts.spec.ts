/** Fonts, sizes and the pages of paper, with somebody else in the document. */
import { expect, test } from './fixtures.ts'

test('words get a font and a size by the toolbar and by keys, and the other sees them', async ({
  people,
}) => {
  const [ada, ben] = [await people.join('Ada'), await people.join('Ben')]
  await ada.paper.click()
  await ada.type('one two three')
  await ada.select('two')
  const button = ada.page.getByRole('button', { name: 'Font and size' })
  await button.click()
  await ada.page.getByRole('radio', { name: 'Georgia' }).click()
  await button.click()
  const size = ada.page.getByRole('textbox', { name: 'Size in points' })
  await size.fill('24')
  await size.press('Enter')
  await ada.press('Control+Shift+.')
  const word = ben.paper.getByText('two', { exact: true })
  await expect(word).toHaveCSS('font-family', /^Georgia/)
  await expect(word).toHaveCSS('font-size', /^33\.33/)
  await ada.press('Control+\\')
  await expect(ben.paper.locator('[data-font], [data-points]')).toHaveCount(0)
})

test('the brush carries the look of some words to those that are selected next', async ({
  people,
}) => {
  const [ada, ben] = [await people.join('Ada'), await people.join('Ben')]
  await ada.paper.click()
  await ada.type('**bold** and plain')
  await ada.select('bold')
  const brush = ada.page.getByRole('button', { name: 'Copy formatting' })
  await brush.click()
  await expect(brush).toHaveAttribute('aria-pressed', 'true')
  const words = await ada.paper.locator('strong').boundingBox()
  if (!words) throw new Error('no words')
  // On the word behind it.
  await ada.page.mouse.dblclick(words.x + words.width + 22, words.y + words.height / 2)
  await expect(ben.paper.locator('strong')).toHaveText(['bold', 'and'])
  await expect(brush).toHaveAttribute('aria-pressed', 'false')
})

test('a page ends where somebody ends it, on paper too', async ({ people, browserName }) => {
  test.skip(browserName !== 'chromium', 'only Chromium prints without a window')
  const [ada, ben] = [await people.join('Ada'), await people.join('Ben')]
  await ada.paper.click()
  await ada.type('before')
  await ada.press('Control+Enter')
  await ada.type('behind')
  await expect
    .poll(() => ben.lines())
    .toEqual(['paragraph: before', 'page_break:', 'paragraph: behind'])
  const paper = (await ben.page.pdf({ format: 'A5' })).toString('latin1')
  expect(paper.match(/\/Type\s*\/Page\b/g)).toHaveLength(2)
})
