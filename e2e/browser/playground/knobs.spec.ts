/** The network knobs: whatever the links do, people end with one document. */
import { expect, test } from './fixtures.ts'

test('a link is cut, both sides write on, and joined again they are equal @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=3&blocks=4')
  await ben.link({ isCut: true })
  await expect(ada.page.getByRole('region', { name: 'Ben' }).getByText('alone')).toBeVisible()
  await ben.caret('after', 'Paragraph 2')
  await ben.typesOn('b')
  await ben.hasTypedMore(20)
  await ben.stops()
  await ada.caret('after', 'Paragraph 3')
  await ada.type(' by Ada')
  await ada.caret('before', 'Paragraph 4')
  await ada.press('Backspace')
  expect((await ada.lines())[1]).toBe('Paragraph 2 of a long document.')
  expect((await ben.lines())[2]).toBe('Paragraph 3 of a long document.')

  await ben.link({ isCut: false })
  await expect(ada.page.getByText('All equal')).toBeVisible()
  for (const person of [ada, ben]) {
    const lines = await person.lines()
    expect(lines).toHaveLength(3)
    expect(lines[1]).toMatch(/^Paragraph 2b{20,} of a long document\.$/)
    expect(lines[2]).toBe('Paragraph 3 by Ada of a long document.Paragraph 4 of a long document.')
  }
})

test('the carets of who is cut off go, and come back with them', async ({ bench }) => {
  const [ada, ben] = await bench.open()
  await ben.caret('after', 'Everybody')
  await expect(ada.caretOf(ben)).toBeVisible()
  await ben.link({ isCut: true })
  await expect(ada.caretOf(ben)).toHaveCount(0)
  await ben.link({ isCut: false })
  await expect(ada.caretOf(ben)).toBeVisible()
})

test('what is held arrives when it is let go', async ({ bench }) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  const pane = ada.page.getByRole('region', { name: 'Ada' })
  await pane.getByRole('button', { name: 'Hold' }).click()
  await ben.caret('after', 'Paragraph 1')
  await ben.type('!!!')
  await expect(pane.getByText('on the way')).toBeVisible()
  expect((await ada.lines())[0]).toBe('Paragraph 1 of a long document.')
  await pane.getByRole('button', { name: 'Hold' }).click()
  await expect.poll(async () => (await ada.lines())[0]).toBe('Paragraph 1!!! of a long document.')
})

test('messages that overtake each other lose nothing, while both type without end @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  await ada.link({ isReordered: true, delayMs: 40 })
  await ben.link({ isReordered: true, delayMs: 40 })
  await ada.caret('after', 'Paragraph 1')
  await ada.typesOn('a')
  await ben.caret('after', 'Paragraph 3')
  await ben.typesOn('b')
  await ada.hasTypedMore(60)
  await ben.hasTypedMore(60)
  await ada.stops()
  await ben.stops()
  await expect(ada.page.getByText('All equal')).toBeVisible()
  const counts = [
    await ada.ask(({ typist }) => typist.count),
    await ben.ask(({ typist }) => typist.count),
  ]
  expect(await ben.lines()).toEqual([
    `Paragraph 1${'a'.repeat(counts[0] ?? 0)} of a long document.`,
    'Paragraph 2 of a long document.',
    `Paragraph 3${'b'.repeat(counts[1] ?? 0)} of a long document.`,
  ])
})

test('a delay holds back what one writes for its time', async ({ bench }) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  const delayMs = 600
  await ada.page.getByRole('slider', { name: 'Delay of Ben’s link' }).fill(String(delayMs))
  // The slider had the keyboard.
  await ben.caret('after', 'Paragraph 1')
  await ben.type('!')
  await expect.poll(async () => (await ada.lines())[0]).toBe('Paragraph 1! of a long document.')
  const row = ada.page.getByRole('row').filter({ hasText: 'Ben →' }).first()
  const tookMs = async () => Number(/arrived, (\d+) ms/.exec(await row.innerText())?.[1])
  await expect.poll(tookMs).toBeGreaterThanOrEqual(delayMs)
})

test('the page shows what travels, what became of it, and what is in each document @firefox', async ({
  bench,
}) => {
  const [ada, ben] = await bench.open('people=2&blocks=3')
  const pane = ada.page.getByRole('region', { name: 'Ada' })
  await pane.getByText('Y.Doc and state').click()
  const content = pane.getByLabel('Shared content')
  await expect(content).toContainText('Paragraph 1 of a long document.')
  await ben.caret('after', 'Paragraph 1')
  await ben.type('!')
  await expect(content).toContainText('Paragraph 1! of a long document.')
  await expect(pane.getByText(/knows .*Ben 1 · editable/)).toBeVisible()

  const messages = ada.page.getByRole('region', { name: 'Messages' })
  const rows = messages.getByRole('row')
  await expect(rows.filter({ hasText: 'Ben →' }).first()).toContainText('arrived')
  await expect(rows.filter({ hasText: '→ Ada' }).first()).toContainText('arrived')
  await ada.link({ isHeld: true })
  await ben.type('?')
  await expect(rows.filter({ hasText: '→ Ada' }).first()).toContainText('on its way')
  await ada.link({ isHeld: false, isCut: true })
  await expect(rows.filter({ hasText: '→ Ada' }).first()).toContainText('lost')
  await expect(pane.getByText('alone')).toBeVisible()
  await expect(content).not.toContainText('Paragraph 1!?')
  await ada.link({ isCut: false })
  await expect(content).toContainText('Paragraph 1!? of a long document.')
})

test('people come and go with the buttons of the page', async ({ bench }) => {
  const [ada] = await bench.open()
  await ada.page.getByRole('button', { name: 'One more person' }).click()
  await expect(ada.page.getByRole('region', { name: 'Cleo' }).getByText('equal')).toBeVisible()
  await ada.page.getByRole('button', { name: 'One person less' }).click()
  await expect(ada.page.getByRole('region', { name: 'Cleo' })).toHaveCount(0)
  await ada.caret('after', 'Everybody')
  await ada.type('!')
})
