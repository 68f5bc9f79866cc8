/** Undo takes back one's own edits, and nothing of anybody else. */
import { expect, test } from './fixtures.ts'

test("undo removes one's own words and leaves the other's @firefox", async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('Base.')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('Base.')
  await ben.caret('before', 'Base.')
  await ben.type('Ben. ')
  await ada.sees('Ben. Base.')

  for (let presses = 0; presses < 4; presses++) await ada.press('Control+z')
  await expect.poll(() => ada.lines()).toEqual(['paragraph: Ben.'])
  await expect.poll(() => ben.lines()).toEqual(['paragraph: Ben.'])

  for (let presses = 0; presses < 4; presses++) await ada.press('Control+Shift+Z')
  await expect.poll(() => ben.lines()).toEqual(['paragraph: Ben. Base.'])
})

test('undo puts the caret back to where the edit was', async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('one\ntwo\nthree')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('three')
  await ada.page.reload()
  await ada.ready()

  await ada.caret('after', 'two')
  await ada.type(' more')
  await ada.caret('before', 'one')
  await ben.caret('before', 'one')
  await ben.type('zero, ')
  await ada.sees('zero, one')
  await ada.press('Control+z')
  await expect
    .poll(() => ada.lines())
    .toEqual(['paragraph: zero, one', 'paragraph: two', 'paragraph: three'])
  await ada.type('!')
  await expect
    .poll(() => ada.lines())
    .toEqual(['paragraph: zero, one', 'paragraph: two!', 'paragraph: three'])
})

test('undo of a kind change keeps what another typed meanwhile', async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('Plan')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('Plan')
  await ada.page.reload()
  await ada.ready()
  await ada.caret('before', 'Plan')
  await ada.press('Control+Alt+1')
  await expect.poll(() => ben.lines()).toEqual(['heading 1: Plan'])
  await ben.caret('after', 'Plan')
  await ben.type(' of action')
  await ada.sees('Plan of action')
  await ada.press('Control+z')
  await expect.poll(() => ben.lines()).toEqual(['paragraph: Plan of action'])
})
