/** `@`: people who are here, and documents, which a press opens. */
import { expect, test } from './fixtures.ts'

test('a document and a colleague are mentioned, the colleague sees it, and a press goes there', async ({
  people,
  served,
}) => {
  const roadmap = await served.create('Roadmap of spring')
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  await ada.paper.click()
  await ada.type('see @road')
  // The server has documents of other tests, too.
  const offered = ada.page.getByRole('option').first()
  await expect(offered).toHaveText(/Roadmap of spring/)
  await ada.press('Enter')
  await ada.type('and ask @be')
  await expect(offered).toHaveText(/^Ben/)
  await ada.press('Enter')
  await ada.type('soon')
  await expect(ben.paper).toHaveText('see Roadmap of spring and ask @Ben soon')

  // A mention is one sign: what is typed around it stays outside.
  await ben.caret('after', ' and ask ')
  await ben.press('ArrowRight', 'ArrowRight')
  await ben.type('!')
  await expect(ada.paper).toHaveText('see Roadmap of spring and ask @Ben! soon')
  await ada.press('Control+a', 'Control+b')
  await expect(ben.paper.locator('strong').first()).toBeVisible()

  await ben.paper.getByText('Roadmap of spring').click()
  await expect(ben.page).toHaveURL(`${served.url}/d/${roadmap}`)
  await ben.ready()
  await ben.page.goBack()
  await ben.ready()
  await ben.sees('and ask @Ben! soon')
})
