/** What somebody holds in a table while a colleague types in it stays in their hand. */
import { expect, test } from './fixtures.ts'
import type { Sitter } from './sitter.ts'

async function widthOf(person: Sitter, cell: string): Promise<number> {
  const box = await person.window.getByRole('cell', { name: cell }).boundingBox()
  return box?.width ?? 0
}

test('a column that is being dragged follows the mouse while a colleague types in the table', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open()
  await ben.caret('after', 'Lighthouse')
  await ben.typesOn()
  const cell = ada.window.getByRole('cell', { name: 'North quay' })
  await cell.scrollIntoViewIfNeeded()
  const box = await cell.boundingBox()
  if (box === null) throw new Error('the cell is not shown')
  const { mouse } = ada.page
  const [x, y] = [box.x + box.width - 1, box.y + box.height / 2]
  await mouse.move(x - 6, y)
  await mouse.move(x, y)
  await expect(ada.window.locator('.column-resize-handle').first()).toBeAttached()
  await mouse.down()
  for (let step = 1; step <= 5; step++) {
    await mouse.move(x - step * 6, y)
    await ben.hasTypedMore(8)
    await expect(ada.window.locator('.column-resize-dragging')).toHaveCount(3)
  }
  await mouse.up()
  await expect.poll(() => widthOf(ada, 'North quay')).toBeLessThan(box.width - 20)
  await expect.poll(() => widthOf(ben, 'North quay')).toBeLessThan(box.width - 20)
})

test('selected cells stay selected while a colleague types in one of them and above', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open()
  await ben.caret('after', 'North quay')
  const first = ada.window.getByRole('columnheader', { name: 'Harbour' })
  const last = ada.window.getByRole('cell', { name: '8:25' })
  await last.scrollIntoViewIfNeeded()
  await first.hover()
  await ada.page.mouse.down()
  await last.hover()
  await ada.page.mouse.up()
  const selected = ada.window.locator('.selectedCell')
  await expect(selected).toHaveCount(6)
  // Not before: what is typed moves the cells away from under the mouse.
  await ben.typesOn()
  await ben.hasTypedMore(40)
  await expect(selected).toHaveCount(6)
  await ben.stops()

  await ben.caret('after', 'Everybody')
  await ada.window.locator('body').evaluate(() => window.person?.editor.focus())
  await ben.typesOn()
  await ben.hasTypedMore(40)
  await expect(selected).toHaveCount(6)
  // And it is what a key acts on.
  await ada.press('Delete')
  await expect(first).toHaveCount(0)
  await expect(ada.window.getByRole('cell', { name: '9:40' })).toBeVisible()
})
