/** Find and replace, with somebody else at work in the same document. */
import { expect, test } from './fixtures.ts'

test('what is found is counted and followed while another types, and replaced in one step of undo', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  await ada.paper.click()
  await ada.type('# A red plan\nred apples and green ones\n- more red')
  await ben.sees('more red')

  await ada.press('Control+f')
  const bar = ada.page.getByRole('search')
  await bar.getByLabel('Find', { exact: true }).fill('red')
  await expect(bar.getByRole('status')).toHaveText('1 of 3')
  await expect(ada.paper.locator('.quire-found')).toHaveCount(3)

  await ben.caret('after', 'green ones')
  await ben.type(', not red')
  await expect(bar.getByRole('status')).toHaveText('1 of 4')

  await ada.press('Enter')
  await expect(bar.getByRole('status')).toHaveText('2 of 4')
  await ada.press('Shift+Enter')
  await expect(bar.getByRole('status')).toHaveText('1 of 4')

  await bar.getByRole('button', { name: 'Replace', exact: true }).first().click()
  await bar.getByLabel('Replace with').fill('ripe')
  await ben.caret('after', 'more ')
  await ben.type('and ')
  await bar.getByRole('button', { name: 'Replace all' }).click()
  await expect(bar.getByRole('status')).toHaveText('None')
  await expect
    .poll(() => ben.lines())
    .toEqual([
      'heading 1: A ripe plan',
      'paragraph: ripe apples and green ones, not ripe',
      'bullet: more and ripe',
    ])

  await ada.press('Escape')
  await expect(bar).toHaveCount(0)
  await ada.press('Control+z')
  await expect
    .poll(() => ben.lines())
    .toEqual([
      'heading 1: A red plan',
      'paragraph: red apples and green ones, not red',
      'bullet: more and red',
    ])
})

test('the search opens wherever the focus is on the page', async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('words')
  await ada.page.getByRole('button', { name: 'Share' }).focus()
  await ada.press('Control+f')
  await expect(ada.page.getByRole('search').getByLabel('Find', { exact: true })).toBeFocused()
})
