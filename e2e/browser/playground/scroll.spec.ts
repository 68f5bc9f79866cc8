/** What somebody reads stays where it is, whatever colleagues do above it. */
import { expect, test } from './fixtures.ts'

test('edits of a colleague above never move what one reads @firefox', async ({ bench }) => {
  const [ada, ben] = await bench.open('people=2&blocks=120')
  await ben.caret('after', 'Paragraph 3')
  await ada.caret('after', 'Paragraph 80')
  await ada.window.getByText('Paragraph 80 of').evaluate((block) => {
    block.scrollIntoView({ block: 'center' })
  })
  await ada.paper.evaluate((paper) => {
    const block = [...paper.querySelectorAll('p')].find((p) => p.textContent?.includes('graph 80 '))
    const readings: number[] = []
    const look = (): void => {
      readings.push(block?.getBoundingClientRect().y ?? Number.NaN)
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
    Object.assign(paper.ownerDocument, { readings })
  })
  const height = () => ada.paper.evaluate((paper) => paper.scrollHeight)
  const before = await height()
  // New blocks and longer ones, both above.
  await ben.typesOn('New words and then a line.\n')
  await ben.hasTypedMore(200)
  await ben.stops()
  expect(await height()).toBeGreaterThan(before + 50)

  const readings = await ada.paper.evaluate(
    (paper) => (paper.ownerDocument as Document & { readings?: number[] }).readings ?? [],
  )
  expect(readings.length).toBeGreaterThan(10)
  expect(Math.max(...readings) - Math.min(...readings)).toBeLessThanOrEqual(1)
})

test('edits of a colleague never scroll to where one types oneself', async ({ bench }) => {
  const [ada, ben] = await bench.open('people=2&blocks=120')
  await ben.caret('after', 'Paragraph 110')
  await ada.caret('after', 'Paragraph 100')
  const scrollTop = () =>
    ada.paper.evaluate((paper) => paper.ownerDocument.documentElement.scrollTop)
  await ada.paper.evaluate((paper) => paper.ownerDocument.documentElement.scrollTo(0, 0))
  await ben.typesOn('Some words and a line.\n')
  await ben.hasTypedMore(100)
  expect(await scrollTop()).toBe(0)
})
