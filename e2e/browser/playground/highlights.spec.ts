/** Highlights over words, as comments and search draw them, survive what colleagues type. */
import { expect, test } from './fixtures.ts'

test('no highlight is dropped or shifted while a colleague types all around @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=20')
  await ada.ask(({ editor, highlights }) => {
    editor.view.state.doc.forEach((block, pos) => {
      const words = /^Paragraph \d+/.exec(block.textContent)?.[0] ?? ''
      highlights.add(pos + 1, pos + 1 + words.length)
    })
  })
  const wanted = Array.from({ length: 20 }, (_, i) => `Paragraph ${i + 1}`)
  await expect(ada.window.locator('.highlight')).toHaveCount(20)
  await ben.caret('after', 'Paragraph 4 of')
  await ben.typesOn()
  await ben.hasTypedMore(40)
  await ben.stops()
  await ben.caret('before', 'Paragraph 9')
  await ben.typesOn('Before it.\n')
  await ben.hasTypedMore(40)
  expect(await ada.ask(({ highlights }) => highlights.words())).toEqual(wanted)
  expect(await ada.window.locator('.highlight').allTextContents()).toEqual(wanted)
})

test('a highlight grows with what a colleague types inside of it', async ({ bench }) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  await ada.ask(({ editor, highlights }) => {
    const { doc } = editor.view.state
    highlights.add(1, 1 + (doc.firstChild?.content.size ?? 0))
  })
  await ben.caret('after', 'Paragraph 1')
  await ben.typesOn('x')
  await ben.hasTypedMore(30)
  const [words] = await ada.ask(({ highlights }) => highlights.words())
  expect(words).toMatch(/^Paragraph 1x{20,} of a long document\.$/)
})
