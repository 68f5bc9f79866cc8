/** Without a network people go on writing, and nothing of it is lost. */
import { expect, test } from './fixtures.ts'

test('who goes offline edits on, comes back, and both have everything', async ({
  people,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'only Chromium takes a page off the network')
  const ada = await people.join('Ada')
  ada.mayLoseNetwork = true
  await ada.paper.click()
  await ada.type('Together.')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('Together.')

  await ada.context.setOffline(true)
  await ada.status('offline')
  await ada.caret('after', 'Together.')
  await ada.type(' Ada alone.')
  await expect(ada.indicator).toContainText('kept on this device')
  await ben.caret('before', 'Together.')
  await ben.type('Ben alone. ')
  await ben.status('saved')
  await expect(ada.paper).not.toContainText('Ben alone.')

  await ada.context.setOffline(false)
  await ada.status('saved')
  const line = 'paragraph: Ben alone. Together. Ada alone.'
  await expect.poll(() => ada.lines()).toEqual([line])
  await expect.poll(() => ben.lines()).toEqual([line])
})

test('a cut socket comes back by itself, with what both sides wrote meanwhile @firefox', async ({
  people,
}) => {
  const ada = await people.join('Ada', { wire: 'held' })
  await ada.paper.click()
  await ada.type('Shared')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('Shared')

  await ada.setWire('cut')
  await ada.status('offline')
  await ada.caret('after', 'Shared')
  await ada.type('\nwritten offline')
  await ben.caret('before', 'Shared')
  await ben.type('written online, ')
  await ben.status('saved')

  await ada.setWire('open')
  await ada.status('saved')
  const lines = ['paragraph: written online, Shared', 'paragraph: written offline']
  await expect.poll(() => ada.lines()).toEqual(lines)
  await expect.poll(() => ben.lines()).toEqual(lines)
})

test('a reload while offline keeps the edits, and they arrive when the network is back @firefox', async ({
  people,
}) => {
  const ada = await people.join('Ada', { wire: 'held' })
  await ada.paper.click()
  await ada.type('Online words.')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('Online words.')

  await ada.setWire('cut')
  await ada.status('offline')
  await ada.caret('after', 'Online words.')
  await ada.type(' Offline words.')
  await expect(ada.indicator).toContainText('kept on this device')
  await ada.page.reload()
  await ada.ready()
  expect(await ada.lines()).toEqual(['paragraph: Online words. Offline words.'])
  await ada.status('offline')
  await expect(ada.indicator).toContainText('kept on this device')

  await ada.setWire('open')
  await ada.status('saved')
  await ben.sees('Online words. Offline words.')
})

test('a reload shows everything that was saved @firefox', async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('# Title\nSome words')
  await ada.status('saved')
  const before = await ada.json()
  await ada.page.reload()
  await ada.ready()
  expect(await ada.json()).toEqual(before)
  await ada.status('saved')
  expect(await ada.json()).toEqual(before)
})

test('both write offline at the same place, and after coming back both texts stand once', async ({
  people,
}) => {
  const ada = await people.join('Ada', { wire: 'held' })
  await ada.paper.click()
  await ada.type('Start')
  await ada.status('saved')
  const ben = await people.join('Ben', { wire: 'held' })
  await ben.sees('Start')

  for (const writer of [ada, ben]) {
    await writer.setWire('cut')
    await writer.status('offline')
    await writer.caret('after', 'Start')
    await writer.type(` by ${writer.name}`)
  }
  for (const writer of [ada, ben]) await writer.setWire('open')
  for (const writer of [ada, ben]) {
    await writer.status('saved')
    await writer.sees('by Ada')
    await writer.sees('by Ben')
  }
  expect((await ada.lines()).join('').match(/by Ada/g)).toHaveLength(1)
})
