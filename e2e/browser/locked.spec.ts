/** Content that this version does not know: shown as locked, and never removed. */
import { expect, test } from './fixtures.ts'

test('a document with content from a newer version is read-only, says so, and stays as it is', async ({
  people,
  served,
  documentId,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('Known words.')
  await ada.status('saved')

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
    contentOf(future.doc).push([hologram])
    await future.saved()

    await expect(ada.page.getByText('This page is older than the document.')).toBeVisible()
    await expect(ada.paper).toHaveAttribute('contenteditable', 'false')
    await ada.page.reload()
    await expect(ada.page.getByText('This page is older than the document.')).toBeVisible()
    await ada.status('saved')
    const last = contentOf(future.doc).toArray().at(-1)
    expect(last instanceof Y.XmlElement && last.nodeName).toBe('hologram')
  } finally {
    await future.close()
  }
})
