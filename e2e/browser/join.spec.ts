/** People come late, at once, and to an empty page. */
import { expect, test } from './fixtures.ts'
import { Writer } from './writer.ts'

test('a late joiner sees everything, with its formats @firefox', async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('# Minutes\n- first\nsecond')
  await ada.press('Enter', 'Enter')
  await ada.type('and **bold** words')
  await ada.status('saved')

  const ben = await people.join('Ben')
  expect(await ben.json()).toEqual(await ada.json())
  expect(await ben.lines()).toEqual([
    'heading 1: Minutes',
    'bullet: first',
    'bullet: second',
    'paragraph: and bold words',
  ])
})

test('a new document is one empty paragraph, and visiting it changes nothing', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.status('saved')
  const before = await ada.state()
  const ben = await people.join('Ben')
  await ben.status('saved')
  expect(await ben.lines()).toEqual(['paragraph:'])
  expect(await ben.state()).toEqual(before)
})

test('two first visitors at the same moment make one paragraph, not two @firefox', async ({
  people,
}) => {
  const [ada, ben] = await Promise.all([people.join('Ada'), people.join('Ben')])
  await Promise.all([ada.status('saved'), ben.status('saved')])
  expect(await ada.lines()).toEqual(['paragraph:'])
  await ada.paper.click()
  await ada.type('only one')
  await ben.sees('only one')
  expect(await ben.lines()).toEqual(['paragraph: only one'])
})

test('somebody joins while another is typing and misses nothing', async ({ people }) => {
  const ada = await people.join('Ada')
  await ada.paper.click()
  const text = 'She types and types, and does not stop while somebody comes in by the door.'
  const [, ben] = await Promise.all([ada.type(text), people.join('Ben')])
  await ada.status('saved')
  await ben.sees(text)
})

test('a document that does not exist says so, and offers the way back', async ({
  served,
  browser,
  people,
}) => {
  const ada = await people.join('Ada')
  const lost = await Writer.arrive(browser, { name: 'Lost' })
  try {
    await lost.page.goto(`${served.url}/d/nothing-like-this`)
    await expect(
      lost.page.getByRole('heading', { name: 'This document does not exist' }),
    ).toBeVisible()
    await lost.page.getByRole('link', { name: 'All documents' }).click()
    await expect(lost.page.getByRole('heading', { name: 'Documents' })).toBeVisible()
    // The browser itself reports the 404 of the question.
    expect(lost.complaints.filter(({ text }) => !text.includes('404'))).toEqual([])
  } finally {
    await lost.close()
  }
  await ada.status('saved')
})
