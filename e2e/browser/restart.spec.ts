/** The server goes away and comes back on the same data: nobody loses anything. */
import { expect, test } from './fixtures.ts'

test('a restart shows as offline, then saved, and nothing is lost @firefox', async ({
  people,
  served,
}) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  for (const writer of [ada, ben]) writer.mayLoseNetwork = true
  await ada.paper.click()
  await ada.type('Before the restart.')
  await ada.status('saved')
  await ben.sees('Before the restart.')

  await served.stop()
  for (const writer of [ada, ben]) await writer.status('offline')
  await ada.caret('after', 'restart.')
  await ada.type(' During it, by Ada.')
  await ben.caret('before', 'Before')
  await ben.type('Ben was here. ')
  await expect(ada.indicator).toContainText('Offline')

  await served.start()
  for (const writer of [ada, ben]) await writer.status('saved')
  const line = 'paragraph: Ben was here. Before the restart. During it, by Ada.'
  await expect.poll(() => ada.lines()).toEqual([line])
  await expect.poll(() => ben.lines()).toEqual([line])
  await expect(ada.indicator).toContainText('Saved')
})

test('what was saved before a restart is there for somebody who comes after it', async ({
  people,
  served,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('# Kept\nfor later')
  await ada.status('saved')
  const before = await ada.json()
  await ada.close()

  await served.stop()
  await served.start()
  const ben = await people.join('Ben')
  expect(await ben.json()).toEqual(before)
})

test('typing straight through a restart loses no key', async ({ people, served }) => {
  const ada = await people.join('Ada')
  ada.mayLoseNetwork = true
  await ada.paper.click()
  const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(4)
  await Promise.all([
    ada.type(text),
    (async () => {
      await served.stop()
      await served.start()
    })(),
  ])
  await ada.status('saved')
  expect(await ada.lines()).toEqual([`paragraph: ${text}`])
  const ben = await people.join('Ben')
  expect(await ben.lines()).toEqual([`paragraph: ${text}`])
})
