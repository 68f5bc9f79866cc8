/** A block that is moved while somebody types in it takes all of their words along. */
import { expect, test } from './fixtures.ts'

test('a block dragged with the mouse while a colleague types in it', async ({ bench }) => {
  const [ada, ben] = await bench.open('people=2&blocks=6')
  await ben.caret('after', 'Paragraph 2')
  await ben.typesOn('x')
  const block = ada.window.getByText('Paragraph 2')
  await block.click({ modifiers: ['ControlOrMeta'] })
  await expect(ada.window.locator('.ProseMirror-selectednode')).toBeVisible()
  await ben.hasTypedMore(10)
  const from = await block.boundingBox()
  if (from === null) throw new Error('the block is not shown')
  const { mouse } = ada.page
  await mouse.move(from.x + 20, from.y + from.height / 2)
  await mouse.down()
  await mouse.move(from.x + 30, from.y + from.height)
  await ben.hasTypedMore(10)
  // The words that arrive push the blocks below down.
  const to = await ada.window.getByText('Paragraph 5 of').boundingBox()
  if (to === null) throw new Error('the target is not shown')
  await mouse.move(to.x + 30, to.y + to.height - 2, { steps: 4 })
  await ben.hasTypedMore(10)
  await mouse.up()
  await expect.poll(async () => (await ada.lines())[1]).toContain('Paragraph 3')
  await ben.hasTypedMore(20)
  await ben.stops()
  const typed = await ben.ask(({ typist }) => typist.count)
  const lines = [1, 3, 4, 5, 6].map((n) => `Paragraph ${n} of a long document.`)
  lines.splice(3, 0, `Paragraph 2${'x'.repeat(typed)} of a long document.`)
  await expect.poll(() => ada.lines()).toHaveLength(6)
  await expect.poll(async () => (await ada.lines()).toSorted()).toEqual(lines.toSorted())
})

test('a block moved with the keyboard, again and again, while a colleague types in it @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=6')
  await ben.caret('after', 'Paragraph 2')
  await ben.typesOn('x')
  await ada.caret('before', 'Paragraph 2')
  for (let i = 0; i < 3; i++) {
    await ada.press('Alt+ArrowDown')
    await ben.hasTypedMore(15)
  }
  await ben.stops()
  const typed = await ben.ask(({ typist }) => typist.count)
  await expect
    .poll(async () => (await ada.lines()).map((line) => line.replace(/x+/, '+')))
    .toEqual(
      [1, 3, 4, 5, 2, 6].map((n) => `Paragraph ${n}${n === 2 ? '+' : ''} of a long document.`),
    )
  expect((await ada.lines())[4]).toBe(`Paragraph 2${'x'.repeat(typed)} of a long document.`)
})
