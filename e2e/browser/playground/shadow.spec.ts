/** An editor in a shadow root, with a colleague in another: everything that floats, selects and is styled works there. */
import { expect, test } from './fixtures.ts'

test('in a shadow root menus, popovers, selection and carets work, and nothing is added to the page', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=3&shadow')
  const page = (): Promise<{ styles: number; inRoot: number; adopted: number; outside: number }> =>
    ada.window.locator('body').evaluate((body) => {
      const root = body.firstElementChild?.shadowRoot
      return {
        styles: document.head.querySelectorAll('style').length,
        inRoot: root?.querySelectorAll('style, link').length ?? -1,
        adopted: root?.adoptedStyleSheets.length ?? -1,
        outside: body.querySelectorAll('[class*="quire"]').length,
      }
    })
  const before = await page()
  expect(before).toMatchObject({ inRoot: 0, adopted: 1, outside: 0 })
  await expect(ada.window.getByRole('toolbar', { name: 'Formatting' })).toHaveCSS('display', 'flex')

  // Words that are selected with keys are replaced: the selection is that of the root.
  await ada.caret('after', 'Paragraph 1')
  await ada.press('Shift+Home')
  await expect.poll(async () => (await ada.selection()).text).toBe('Paragraph 1')
  await ada.type('Title')
  await expect.poll(async () => (await ben.lines())[0]).toMatch(/^Title of a long document/)

  // The slash menu by mouse, while Ben writes.
  await ben.caret('after', 'Paragraph 3')
  await ada.caret('before', ' of a long')
  await ada.type(' /head')
  const list = ada.window.getByRole('listbox', { name: 'Insert' })
  await ben.typesOn()
  await expect(list).toBeInViewport()
  await list.getByRole('option', { name: /^Heading 2/ }).click()
  await expect(ada.paper.locator('h2')).toHaveText(/^Title {2}of a long document/)
  await expect(ben.paper.locator('h2')).toHaveCount(1)

  // A menu of the toolbar, a press outside, and Escape.
  const more = ada.window.getByRole('button', { name: 'More formatting' })
  await more.click()
  await expect(ada.window.getByRole('menu')).toBeVisible()
  await ada.paper.locator('h2').click({ position: { x: 5, y: 10 } })
  await expect(ada.window.getByRole('menu')).toHaveCount(0)

  await ben.stops()

  // A field in a popover has the keyboard, and gives it back.
  await ada.caret('all', 'long')
  await ada.press('Control+k')
  const address = ada.window.getByRole('dialog', { name: 'Link' }).getByLabel('Address')
  await expect(address).toBeFocused()
  await ada.type('https://quire.test/')
  await ada.press('Enter')
  await expect(ben.paper.getByRole('link', { name: 'long' }).first()).toBeVisible()
  await ada.type('est')
  await expect.poll(async () => (await ben.lines())[0]).toMatch(/^Title {2}of a longest document/)

  // The bar over words that the mouse selects, and find.
  await ada.paper.getByText('Paragraph 2').dblclick({ position: { x: 12, y: 12 } })
  await ada.window
    .getByRole('toolbar', { name: 'Selected words' })
    .getByRole('button', { name: 'Italic' })
    .click()
  await expect(ben.paper.locator('em')).toHaveText('Paragraph')
  await ada.press('Control+f')
  const search = ada.window.getByRole('search')
  await search.getByLabel('Find', { exact: true }).fill('document')
  await expect(search.getByRole('status')).toHaveText('2 of 3')
  await ada.press('Escape')

  // Ben's caret is drawn in the root, and nothing came to the page.
  await expect(ada.caretOf(ben)).toBeVisible()
  await expect(ada.caretOf(ben)).toHaveCSS('position', 'absolute')
  expect(await page()).toEqual(before)
})
