/** The bar over words that are selected with the mouse. */
import { expect, test } from './fixtures.ts'

test('it appears with the mouse, acts on the words, and goes when one types', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  await ada.paper.click()
  await ada.type('one two three')
  const bar = ada.page.getByRole('toolbar', { name: 'Selected words' })
  await ada.select('two')
  await expect(bar).toHaveCount(0)

  await ada.paper.getByText('one two three').dblclick({ position: { x: 50, y: 10 } })
  await expect(bar).toBeVisible()
  await ben.caret('after', 'three')
  await ben.type(' four')
  await bar.getByRole('button', { name: 'Bold' }).click()
  await expect(ben.paper.locator('strong')).toHaveCount(1)
  await expect(bar.getByRole('button', { name: 'Bold' })).toHaveAttribute('aria-pressed', 'true')
  await bar.getByRole('button', { name: 'Highlight' }).click()
  await ada.page.getByRole('radio').first().click()
  await expect(ben.paper.locator('mark')).toHaveCount(1)
  await expect(bar).toBeVisible()
  await bar.getByRole('button', { name: 'Link' }).click()
  await ada.type('https://quire.test/')
  await ada.press('Enter')
  await expect(ben.paper.getByRole('link')).toHaveAttribute('href', 'https://quire.test/')
  await ada.type('x')
  await expect(bar).toHaveCount(0)
})
