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

test('a name is never cut off at the edge, wherever in the line its caret is @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  await ada.page.setViewportSize({ width: 900, height: 700 })
  await ben.caret('after', 'Paragraph 2')
  const caret = ada.caretOf(ben)
  await expect(caret).toBeVisible()
  const sides = new Set<boolean>()
  // Some lines of text, a step at a time.
  for (let i = 0; i < 9; i++) {
    const before = await caret.getAttribute('style')
    await ben.type('three more words ')
    await expect(caret).not.toHaveAttribute('style', before ?? '')
    sides.add((await caret.getAttribute('data-turned')) !== null)
    const isInside = await caret.evaluate((element) => {
      const [flag, layer] = [element.firstElementChild, element.parentElement]
      if (flag === null || layer === null) throw new Error('the caret is not drawn')
      const [name, page] = [flag.getBoundingClientRect(), layer.getBoundingClientRect()]
      return name.left >= page.left && name.right <= page.right
    })
    expect(isInside, `after ${3 * (i + 1)} words`).toBe(true)
  }
  expect(sides.size).toBe(2)
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

test('the first key of who comes back moves the caret, to the very start too, while a colleague types @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  await ben.caret('after', 'Paragraph 3')
  await ben.typesOn('x')
  for (const key of ['Home', 'Shift+Home']) {
    await ben.caret('after', 'Paragraph 3')
    await ada.caret('after', 'Paragraph 1')
    await ada.press(key)
    await expect.poll(async () => (await ada.selection()).from).toBe(1)
    await ben.hasTypedMore(10)
    expect((await ada.selection()).from).toBe(1)
  }
})
