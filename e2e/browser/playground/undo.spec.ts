/** Undo brings back not only the words but where one was with them. */
import { expect, test } from './fixtures.ts'

test('undo restores caret, selection and scroll while a colleague types @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=200')
  await ada.caret('all', 'Paragraph 150')
  await ada.type('Something else')
  await ben.caret('after', 'Paragraph 2')
  await ben.typesOn()
  await ada.caret('after', 'Paragraph 1')
  const place = ada.window.getByText('Something else')
  await expect(place).not.toBeInViewport()

  await ben.hasTypedMore(30)
  await ada.press('Control+z')
  await expect.poll(async () => (await ada.selection()).text).toBe('Paragraph 150')
  await expect(ada.window.getByText('Paragraph 150 of')).toBeInViewport()
  await ben.hasTypedMore(30)
  expect((await ada.selection()).text).toBe('Paragraph 150')
  await expect(ada.window.getByText('Paragraph 150 of')).toBeInViewport()

  await ada.press('Control+Shift+z')
  await expect(place).toBeInViewport()
  await ben.hasTypedMore(10)
})

test("undo takes nothing of the colleague's words in the same block", async ({ bench }) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  await ben.caret('after', 'long document')
  await ada.caret('after', 'Paragraph 1')
  await ben.typesOn('x')
  await ada.type(' by Ada')
  await ben.hasTypedMore(20)
  await ada.press('Control+z')
  await expect
    .poll(async () => (await ada.lines())[0])
    .toMatch(/^Paragraph 1 of a long documentx{20,}\.$/)
  expect((await ada.selection()).from).toBe('Paragraph 1'.length + 1)
})
