/** Who is here, and where they write. */
import { expect, test } from './fixtures.ts'
import type { Writer } from './writer.ts'

const presence = (writer: Writer) => writer.page.getByRole('list', { name: 'Also here' })

test("others' carets show with their names and move as they type @firefox", async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('A line of words')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('A line of words')
  await ben.caret('before', 'line')

  const caret = ada.page.locator('.quire-caret')
  await expect(caret).toHaveCount(1)
  await expect(caret).toContainText('Ben')
  const before = await caret.boundingBox()
  await ben.type('long ')
  await ada.sees('A long line of words')
  await expect
    .poll(async () => (await caret.boundingBox())?.x ?? 0)
    .toBeGreaterThan((before?.x ?? 0) + 10)
})

test('the presence list holds the others, and forgets who leaves', async ({ people }) => {
  const ada = await people.join('Ada')
  await expect(presence(ada)).toHaveCount(0)
  const ben = await people.join('Ben')
  const cleo = await people.join('Cleo')
  await expect(presence(ada).getByRole('button', { name: 'Ben' })).toBeVisible()
  await expect(presence(ada).getByRole('button', { name: 'Cleo' })).toBeVisible()
  await expect(presence(ben).getByRole('button', { name: 'Ada' })).toBeVisible()

  await cleo.page.close()
  await expect(presence(ada).getByRole('button', { name: 'Cleo' })).toHaveCount(0)
  await expect(presence(ada).getByRole('button', { name: 'Ben' })).toBeVisible()
})

test('more people than places are counted, and listed on a click', async ({ people }) => {
  const ada = await people.join('Ada')
  for (const name of ['Ben', 'Cleo', 'Dan', 'Eve', 'Finn']) await people.join(name)
  await expect(presence(ada).getByRole('button')).toHaveCount(4)
  await presence(ada).getByRole('button', { name: '2 more people' }).click()
  await expect(ada.page.locator('.presence__list').getByRole('button')).toHaveCount(2)
})

test('a new name reaches the others at once', async ({ people }) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  await expect(presence(ada).getByRole('button', { name: 'Ben' })).toBeVisible()
  await ben.page.getByRole('button', { name: /^You are Ben/ }).click()
  await ben.page.getByLabel('Your name, as others see it').fill('Benedict')
  await expect(presence(ada).getByRole('button', { name: 'Benedict' })).toBeVisible()
})

test('an edit of another never moves the caret of the one who types', async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('first\nsecond')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('second')
  await ada.caret('after', 'second')
  await ben.caret('before', 'first')
  await ben.type('before the ')
  await ada.sees('before the first')
  await ada.type(' of all')
  await expect
    .poll(() => ben.lines())
    .toEqual(['paragraph: before the first', 'paragraph: second of all'])
})
