/** Several people type at the same moment, and end with the same document. */
import { expect, test } from './fixtures.ts'
import type { Writer } from './writer.ts'

/** Everybody types their text, key by key, all at once. */
async function typeTogether(...parts: readonly (readonly [Writer, string])[]): Promise<void> {
  await Promise.all(parts.map(([writer, text]) => writer.type(text)))
  await Promise.all(parts.map(([writer]) => writer.status('saved')))
}

/** `text` stands there in one piece: a colleague's letters did not fall between. */
async function inOnePiece(writer: Writer, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await writer.sees(text)
}

test('two people type into the same paragraph at once, and both texts stand @firefox', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('Begin. End.')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('Begin. End.')

  await ada.caret('after', 'Begin.')
  await ben.caret('after', 'End.')
  await typeTogether(
    [ada, ' Ada writes about boats and the sea.'],
    [ben, ' Ben writes about trees and the wood.'],
  )

  const line =
    'paragraph: Begin. Ada writes about boats and the sea. End. Ben writes about trees and the wood.'
  await expect.poll(() => ada.lines()).toEqual([line])
  await expect.poll(() => ben.lines()).toEqual([line])
})

test('two people type at the very same place, and each text stays in one piece', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('Here: .')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('Here: .')

  await ada.caret('after', 'Here: ')
  await ben.caret('after', 'Here: ')
  await typeTogether([ada, 'aaaaaaaaaaaaaaaaaaaaaaaaa'], [ben, 'bbbbbbbbbbbbbbbbbbbbbbbbb'])

  // Typed at one place at one time there is no right order, but no letter is lost either.
  await expect
    .poll(async () => (await ada.lines())[0]?.length)
    .toBe('paragraph: Here: .'.length + 50)
})

test('three people type into three paragraphs and split them while typing @firefox', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  for (const line of ['One.', 'Two.', 'Three.']) {
    await ada.type(line)
    if (line !== 'Three.') await ada.press('Enter')
  }
  await ada.status('saved')
  const ben = await people.join('Ben')
  const cleo = await people.join('Cleo')
  for (const writer of [ben, cleo]) await writer.sees('Three.')

  await ada.caret('after', 'One.')
  await ben.caret('after', 'Two.')
  await cleo.caret('after', 'Three.')
  await typeTogether([ada, ' alpha\nbeta'], [ben, ' gamma\ndelta'], [cleo, ' epsilon\nzeta'])

  const lines = ['One. alpha', 'beta', 'Two. gamma', 'delta', 'Three. epsilon', 'zeta']
  for (const writer of [ada, ben, cleo]) {
    await expect.poll(() => writer.lines()).toEqual(lines.map((line) => `paragraph: ${line}`))
  }
})

test('two people work on one list: one adds items, the other indents and ticks @firefox', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('- bread\nbutter\ncheese')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('cheese')
  expect(await ben.lines()).toEqual(['bullet: bread', 'bullet: butter', 'bullet: cheese'])

  await ada.caret('after', 'cheese')
  await ben.caret('before', 'butter')
  await Promise.all([
    ada.type('\nolives\nwine'),
    (async () => {
      await ben.press('Tab')
      await ben.press('End')
      await ben.type(', salted')
    })(),
  ])

  const lines = [
    'bullet: bread',
    '>bullet: butter, salted',
    'bullet: cheese',
    'bullet: olives',
    'bullet: wine',
  ]
  await expect.poll(() => ada.lines()).toEqual(lines)
  await expect.poll(() => ben.lines()).toEqual(lines)
})

test('one person makes a heading of the paragraph in which another is typing', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('The plan')
  await ada.status('saved')
  const ben = await people.join('Ben')
  await ben.sees('The plan')

  await ada.caret('before', 'The plan')
  await ben.caret('after', 'The plan')
  await Promise.all([ada.press('Control+Alt+2'), ben.type(' for the coming year')])

  await expect.poll(() => ada.lines()).toEqual(['heading 2: The plan for the coming year'])
  await expect.poll(() => ben.lines()).toEqual(['heading 2: The plan for the coming year'])
})

test('two people fill one table at once, and both cells hold what was typed', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.insertTable()
  await ada.status('saved')
  const ben = await people.join('Ben')
  await expect(ben.cells.first()).toBeVisible()

  await ada.cells.nth(0).click()
  await ben.cells.nth(1).click()
  await typeTogether([ada, 'apples and pears'], [ben, 'plums and cherries'])

  for (const writer of [ada, ben]) {
    await inOnePiece(writer, 'apples and pears', 'plums and cherries')
    await expect(writer.cells.nth(0)).toHaveText('apples and pears')
    await expect(writer.cells.nth(1)).toHaveText('plums and cherries')
  }
})

test('one adds a row while the other types in the row above, and a third watches', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.insertTable()
  const before = await ada.cells.count()
  const columns = await ada.page.locator('.ProseMirror tr').first().locator('td, th').count()
  await ada.status('saved')
  const ben = await people.join('Ben')
  const cleo = await people.join('Cleo')
  await expect(ben.cells).toHaveCount(before)

  // Tab in the last cell adds a row.
  await ada.cells.last().click()
  await ben.cells.first().click()
  await Promise.all([ada.press('Tab'), ben.type('typed meanwhile')])
  await ada.type('new row')

  for (const writer of [ada, ben, cleo]) {
    await expect(writer.cells).toHaveCount(before + columns)
    await expect(writer.cells.first()).toHaveText('typed meanwhile')
    await expect(writer.cells.nth(before)).toHaveText('new row')
  }
})
