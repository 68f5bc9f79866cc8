/** Carets of others lie over the text: they never move it, and typing at one place pushes nobody. */
import { expect, test } from './fixtures.ts'
import type { Sitter } from './sitter.ts'

/** Where every line of the text stands, to the last fraction of a pixel. */
async function layout(person: Sitter): Promise<string> {
  return person.window.locator('.ProseMirror').evaluate((paper) => {
    const range = paper.ownerDocument.createRange()
    const boxes = [...paper.children].flatMap((block) => {
      range.selectNodeContents(block)
      return [...range.getClientRects()].map(({ x, y, width, height }) => [x, y, width, height])
    })
    return JSON.stringify([boxes, paper.ownerDocument.documentElement.scrollHeight])
  })
}

test('a caret in the middle of a word moves no letter of it @firefox', async ({ bench }) => {
  const [ada, ben] = await bench.open()
  const before = await layout(ada)
  await ben.caret('after', 'Everybody wri')
  await expect(ada.caretOf(ben)).toBeVisible()
  expect(await layout(ada)).toBe(before)
})

test('a selection over several blocks moves none of them', async ({ bench }) => {
  const [ada, ben] = await bench.open()
  const before = await layout(ada)
  await ben.caret('before', 'Everybody')
  for (let i = 0; i < 3; i++) await ben.press('Shift+ArrowDown')
  await expect(ada.window.locator('.quire-selection').first()).toBeVisible()
  expect(await layout(ada)).toBe(before)
})

test('the caret of a colleague who never stops typing goes along, and what is above stands still @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=6')
  await ada.caret('after', 'Paragraph 2')
  await ben.caret('after', 'Paragraph 4')
  const above = () =>
    ada.paper.evaluate((paper) =>
      [...paper.children].slice(0, 3).map((block) => JSON.stringify(block.getBoundingClientRect())),
    )
  const before = await above()
  await expect(ada.caretOf(ben)).toBeVisible()
  const from = await ada.caretOf(ben).boundingBox()
  await ben.typesOn()
  await ben.hasTypedMore(20)
  expect(await above()).toEqual(before)
  await ben.stops()
  await expect.poll(async () => await ada.caretOf(ben).boundingBox()).not.toEqual(from)
  expect(await above()).toEqual(before)
})

test('typing at the same place does not push the caret of the other @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  await ada.caret('after', 'Paragraph 2')
  await ben.caret('after', 'Paragraph 2')
  const { from } = await ada.selection()
  await ben.typesOn('x')
  await ben.hasTypedMore(30)
  expect((await ada.selection()).from).toBe(from)

  await ada.caret('after', 'Paragraph 2')
  await ada.type('[here]')
  await ben.hasTypedMore(10)
  expect((await ada.lines())[1]).toMatch(/^Paragraph 2\[here\]x+ of a long document\.$/)
})

test('both type at the same place without end, and each word stays in one piece', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  await ben.caret('after', 'Paragraph 2')
  await ada.caret('after', 'Paragraph 2')
  await ben.typesOn('x')
  await ada.type('abcdefghijklmnopqrstuvwxyz')
  await ben.hasTypedMore(10)
  expect((await ada.lines())[1]).toContain('abcdefghijklmnopqrstuvwxyz')
})
