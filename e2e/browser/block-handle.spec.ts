/** The handle beside a block: its menu, and dragging while a colleague types in that very block. */
import { expect, test } from './fixtures.ts'

test('a block is turned into another kind, copied and deleted by its menu', async ({ people }) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  await ada.paper.click()
  await ada.type('one\ntwo\nthree')
  const menu = async (block: string, entry: string): Promise<void> => {
    await ada.paper.getByText(block, { exact: true }).hover()
    await ada.page.getByRole('button', { name: 'Block', exact: true }).click()
    await ada.page
      .getByRole('menuitem', { name: entry })
      .or(ada.page.getByRole('menuitemradio', { name: entry }))
      .click()
  }
  await menu('two', 'Heading 2')
  await expect
    .poll(() => ben.lines())
    .toEqual(['paragraph: one', 'heading 2: two', 'paragraph: three'])
  await menu('one', 'Duplicate')
  await menu('three', 'Delete')
  await expect
    .poll(() => ben.lines())
    .toEqual(['paragraph: one', 'paragraph: one', 'heading 2: two'])
})

test('a dragged block brings along what a colleague typed into it meanwhile', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  await ada.paper.click()
  await ada.type('one\ntwo\nthree\nfour')
  await ben.sees('four')
  await ada.paper.getByText('two').hover()
  const handle = ada.page.getByRole('button', { name: 'Block', exact: true })
  const from = await handle.boundingBox()
  const to = await ada.paper.getByText('four').boundingBox()
  if (!from || !to) throw new Error('nothing to drag')
  await ada.page.mouse.move(from.x + 8, from.y + 10)
  await ada.page.mouse.down()
  await ada.page.mouse.move(from.x + 30, from.y + 30, { steps: 3 })
  await ben.caret('after', 'two')
  await ben.type(' and more')
  await ada.sees('two and more')
  await ada.page.mouse.move(to.x + 40, to.y + to.height - 2, { steps: 5 })
  await ada.page.mouse.up()
  await expect
    .poll(() => ben.lines())
    .toEqual(['paragraph: one', 'paragraph: three', 'paragraph: four', 'paragraph: two and more'])
  await ben.type(' still')
  await expect.poll(() => ada.lines()).toContain('paragraph: two and more still')
  await ada.press('Control+z')
  await expect
    .poll(() => ben.lines())
    .toEqual([
      'paragraph: one',
      'paragraph: two and more still',
      'paragraph: three',
      'paragraph: four',
    ])
})
