/** The indicator tells the truth, always. */
import { expect, test } from './fixtures.ts'

test('it says Saving for as long as the server has not confirmed, and Saved only then @firefox', async ({
  people,
}) => {
  const ada = await people.join('Ada', { wire: 'held' })
  await ada.status('saved')
  await expect(ada.indicator).toContainText('Saved')
  const ben = await people.join('Ben')

  await ada.setWire('acks held')
  await ada.paper.click()
  await ada.type('not yet stored')
  // It reached the server, and even other people, but nobody said that it is stored.
  await ben.sees('not yet stored')
  await ada.status('saving')
  await expect(ada.indicator).toContainText('Saving')

  await ada.setWire('open')
  await ada.status('saved')
  await expect(ada.indicator).toContainText('Saved')
})

test('offline it counts the edits that are kept on this device', async ({ people }) => {
  const ada = await people.join('Ada', { wire: 'held' })
  await ada.status('saved')
  await ada.setWire('cut')
  await ada.status('offline')
  await expect(ada.indicator).toContainText('Offline')
  await ada.paper.click()
  await ada.type('abc')
  await expect(ada.indicator).toContainText('Offline — 3 edits kept on this device')
  await ada.indicator.click()
  await expect(ada.page.getByText('sent when it is back, also after closing')).toBeVisible()
  await ada.press('Escape')
  await ada.setWire('open')
  await expect(ada.indicator).toContainText('Saved')
})

test('where the browser keeps no copy it says so, and warns before the page is closed', async ({
  people,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'one engine is enough to prove the words')
  const ada = await people.join('Ada', { wire: 'held', storage: 'none' })
  await ada.status('saved')
  await ada.setWire('cut')
  await ada.status('offline')
  await ada.paper.click()
  await ada.type('in danger')
  await expect(ada.indicator).toContainText('Offline — not kept on this device')
  const asked = ada.page.waitForEvent('dialog')
  const closing = ada.page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await closing
  await ada.setWire('open')
  await ada.status('saved')
})

test('a document deleted by somebody else says so, and offers to copy the text', async ({
  people,
  served,
}) => {
  const documentId = await served.create('To be deleted')
  const ada = await people.join('Ada', { documentId })
  ada.mayLoseNetwork = true
  await ada.paper.click()
  await ada.type('precious words')
  await ada.status('saved')
  const response = await fetch(`${served.url}/api/documents/${documentId}`, { method: 'DELETE' })
  expect(response.status).toBe(204)
  await ada.status('refused')
  await expect(ada.page.getByRole('alert')).toContainText('the document was deleted')
  await expect(ada.indicator).toContainText('Not saved')
  await expect(ada.page.getByRole('button', { name: 'Copy your text' })).toBeVisible()
  await ada.page.close()
})

test('the title is saved, shown to others at once, and names the tab', async ({
  people,
  served,
  documentId,
}) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  const title = ada.page.getByLabel('Title')
  await title.fill('Minutes of May')
  await title.press('Enter')
  await expect(ben.page.getByLabel('Title')).toHaveValue('Minutes of May')
  await expect(ben.page).toHaveTitle('Minutes of May')
  await expect(ada.page).toHaveTitle('Minutes of May')
  expect(await served.describe(documentId)).toMatchObject({ title: 'Minutes of May' })

  // Escape takes it back.
  await title.fill('Something else')
  await title.press('Escape')
  await expect(title).toHaveValue('Minutes of May')
  expect(await served.describe(documentId)).toMatchObject({ title: 'Minutes of May' })
})
