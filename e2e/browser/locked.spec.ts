/** Content that this version does not know: shown as locked, and never removed. */
import { expect, test } from './fixtures.ts'

const older = 'This page is older than the document.'

test('a block from a newer version is locked, and everything around it can be written in', async ({
  people,
  served,
  documentId,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('Above.\nBelow.')
  await ada.status('saved')
  // What undo takes back later is then only what comes from here on.
  await ada.page.reload()
  await ada.ready()

  // A client of the future. Imported here, where the sources of the packages can be loaded.
  const { openClient } = await import('../sim/client.ts')
  const Y = await import('yjs')
  const { contentOf } = await import('@quire/document')
  const syncUrl = `${served.url.replace('http', 'ws')}/sync`
  const future = openClient({ syncUrl, document: documentId })
  try {
    await future.saved()
    const hologram = new Y.XmlElement('hologram')
    hologram.setAttribute('depth', '3')
    contentOf(future.doc).insert(1, [hologram])
    const words = new Y.XmlText()
    hologram.insert(0, [words])
    words.insert(0, 'light')
    await future.saved()
    const xml = hologram.toJSON()

    await expect(ada.page.getByText(older)).toBeVisible()
    const placeholder = ada.paper.locator('[data-locked]')
    await expect(placeholder).toHaveText('This part was made with a newer version.')
    await ada.caret('after', 'Above.')
    await ada.type(' Ada was here.')
    const ben = await people.join('Ben')
    await expect(ben.page.getByText('everything else can be edited')).toBeVisible()
    await ben.caret('before', 'Below.')
    await ben.type('Ben too. ')

    // Nothing that people do takes it away: not a click and a key, not a join, not everything at once.
    await placeholder.click()
    await ada.press('Delete', 'Backspace')
    await ada.type('x')
    await ada.sees('Ben too.')
    await ada.caret('before', 'Ben too.')
    await ada.press('Backspace', 'Backspace')
    await ada.press('Control+a', 'Delete')
    await ada.press('Control+a', 'Control+x')
    await ada.press('Control+z')
    for (const writer of [ada, ben]) {
      await writer.status('saved')
      await expect(writer.paper.locator('[data-locked]')).toHaveCount(1)
      await writer.sees('Ben too. Below.')
    }
    expect(hologram.toJSON()).toBe(xml)
    expect(contentOf(future.doc).get(1)).toBe(hologram)

    // What the one who knows it does to it goes on; gone there, it is gone here.
    words.insert(5, 's')
    contentOf(future.doc).delete(1, 1)
    await future.saved()
    await expect(placeholder).toHaveCount(0)
    await expect(ada.page.getByText(older)).toHaveCount(0)
  } finally {
    await future.close()
  }
})

test('a document of a newer format is read-only, says so, and stays as it is', async ({
  people,
  served,
  documentId,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('Known words.')
  await ada.status('saved')
  const { openClient } = await import('../sim/client.ts')
  const { documentFormat, metaOf } = await import('@quire/document')
  const syncUrl = `${served.url.replace('http', 'ws')}/sync`
  const future = openClient({ syncUrl, document: documentId })
  try {
    await future.saved()
    metaOf(future.doc).set('format', documentFormat + 1)
    await future.saved()
    await expect(ada.page.getByText('You can read it here; reload the page to edit.')).toBeVisible()
    await expect(ada.paper).toHaveAttribute('contenteditable', 'false')
    await ada.page.reload()
    await expect(ada.page.getByText(older)).toBeVisible()
    await expect(ada.paper).toHaveAttribute('contenteditable', 'false')
    await ada.sees('Known words.')
    await ada.status('saved')
  } finally {
    await future.close()
  }
})

test('somebody who edits with another version is announced quietly, and gone when they are', async ({
  people,
  served,
  documentId,
}) => {
  const ada = await people.join('Ada')
  const note = ada.page.getByText('Somebody here edits with another version')
  const ben = await people.join('Ben')
  await expect(note).toHaveCount(0)

  const { openClient } = await import('../sim/client.ts')
  const syncUrl = `${served.url.replace('http', 'ws')}/sync`
  const other = openClient({ syncUrl, document: documentId, schema: 'of-another-page' })
  try {
    await expect(note).toBeVisible()
    await ben.page.getByRole('button', { name: 'Hide' }).click()
    await expect(ben.page.getByText('Somebody here edits')).toHaveCount(0)
  } finally {
    await other.close()
  }
  await expect(note).toHaveCount(0)
})
