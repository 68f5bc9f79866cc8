/** A document that was begun anew while somebody was away: nothing is mixed, nothing is lost without being asked. */
import { expect, test } from './fixtures.ts'
import { arriveSilently } from './silent-colleague.ts'

test('whoever holds the document from before is told so, keeps it, and decides when to take the new one', async ({
  people,
  served,
  documentId,
}) => {
  const ada = await people.join('Ada', { wire: 'held' })
  await ada.paper.click()
  await ada.type('from before')
  await ada.status('saved')
  await ada.setWire('cut')
  await ada.status('offline')
  await ada.type(', and more')

  await served.startEmpty()
  const colleague = await arriveSilently(served.url, documentId)
  try {
    await expect.poll(async () => served.describe(documentId)).toBeDefined()
    const anew = JSON.stringify(colleague.json())

    await ada.setWire('open')
    await ada.page.evaluate(() => dispatchEvent(new Event('online')))
    await ada.status('refused')
    const told = ada.page.getByRole('alert')
    await expect(told).toContainText('this document was begun anew')
    await expect(told).toContainText('nothing of either is mixed')
    await expect(ada.indicator).toContainText('Not saved')
    await ada.sees('from before, and more')

    // Nor by loading the page again: the copy is still there, and still another document.
    await ada.page.reload()
    await ada.status('refused')
    await ada.sees('from before, and more')
    expect(JSON.stringify(colleague.json())).toBe(anew)

    await ada.page.getByRole('button', { name: 'Discard and reload' }).click()
    await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click()
    await ada.status('saved')
    expect(await ada.lines()).toEqual(['paragraph:'])
    expect(JSON.stringify(colleague.json())).toBe(anew)
  } finally {
    await colleague.close()
  }
})
