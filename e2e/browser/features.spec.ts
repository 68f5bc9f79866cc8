/**
 * What the editor can do, each done by one person while a silent second one looks on; both must
 * have the same document at the end (`fixtures.ts`).
 */
import { expect, test } from './fixtures.ts'
import { type BlockJson, textOf, type Writer } from './writer.ts'
import type { People } from './fixtures.ts'

/** Ada writes; Ben only has the document open. */
async function writerAndWitness(people: People): Promise<{ ada: Writer; ben: Writer }> {
  const [ada, ben] = [await people.join('Ada'), await people.join('Ben')]
  await ada.paper.click()
  return { ada, ben }
}

/** Every text of the document with its marks, such as "word: bold italic". */
async function markedTexts(writer: Writer): Promise<string[]> {
  const found: string[] = []
  const visit = (node: BlockJson): void => {
    if (node.type === 'text' && node.marks) {
      found.push(`${node.text}: ${node.marks.map((mark) => mark.type).join(' ')}`)
    }
    node.content?.forEach(visit)
  }
  visit(await writer.json())
  return found
}

const button = (writer: Writer, name: RegExp) => writer.page.getByRole('button', { name })

test('Markdown at the start of a line makes headings, lists, tasks, quotes and dividers', async ({
  people,
}) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('# One\n## Two\n- bullet\n')
  await ada.press('Enter')
  await ada.type('1. number\n')
  await ada.press('Enter')
  await ada.type('[] task\n')
  await ada.press('Enter')
  await ada.type('> quote')
  const lines = [
    'heading 1: One',
    'heading 2: Two',
    'bullet: bullet',
    'number: number',
    'task: task',
    'quote: quote',
  ]
  await expect.poll(async () => (await ada.lines()).slice(0, 6)).toEqual(lines)
  await expect.poll(async () => (await ben.lines()).slice(0, 6)).toEqual(lines)
})

test('Markdown inside a line makes bold, italic, strike and code', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('**bold** and *italic* and ~~gone~~ and `code` end')
  await expect
    .poll(() => markedTexts(ben))
    .toEqual(['bold: bold', 'italic: italic', 'gone: strike', 'code: code'])
  expect(textOf(await ada.json())).toBe('bold and italic and gone and code end')
})

test('shortcuts set and take back marks', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('words to mark')
  await ada.select('to')
  await ada.press('Control+b', 'Control+i', 'Control+u')
  await expect.poll(() => markedTexts(ben)).toEqual(['to: bold italic underline'])
  await ada.press('Control+b', 'Control+i', 'Control+u')
  await expect.poll(() => markedTexts(ben)).toEqual([])
})

test('the toolbar sets marks, and shows what holds at the caret', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('press the buttons')
  await ada.select('the')
  await button(ada, /^Bold/).click()
  await expect(button(ada, /^Bold/)).toHaveAttribute('aria-pressed', 'true')
  await button(ada, /^Italic/).click()
  await expect.poll(() => markedTexts(ben)).toEqual(['the: bold italic'])
  await ada.caret('after', 'buttons')
  await expect(button(ada, /^Bold/)).toHaveAttribute('aria-pressed', 'false')
})

test('the slash menu finds by words and inserts by Enter', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('/')
  const menu = ada.page.getByRole('listbox')
  await expect(menu).toBeVisible()
  await ada.type('head')
  await expect(menu.getByRole('option').first()).toContainText('Heading')
  await ada.press('Enter')
  await expect(menu).toHaveCount(0)
  await ada.type('From the menu')
  await expect.poll(() => ben.lines()).toEqual(['heading 1: From the menu'])
})

test('Escape closes the slash menu and leaves what was typed', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('/nothing')
  await ada.press('Escape')
  await ada.type(' more')
  await expect.poll(() => ben.lines()).toEqual(['paragraph: /nothing more'])
})

test('Tab and Shift+Tab move a list item in and out, Enter on an empty one ends the list', async ({
  people,
}) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('- one\ntwo')
  await ada.press('Tab')
  await ada.type('\nthree')
  await ada.press('Shift+Tab', 'Enter', 'Enter')
  await ada.type('after')
  await expect
    .poll(() => ben.lines())
    .toEqual(['bullet: one', '>bullet: two', 'bullet: three', 'paragraph: after'])
})

test('a task is ticked by a click, and the other sees the tick', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('[] buy bread')
  await ada.paper.getByRole('checkbox').click()
  await expect(ben.paper.getByRole('checkbox')).toBeChecked()
  await expect.poll(async () => (await ben.json()).content?.[0]?.attrs?.['checked']).toBe(true)
})

test('a code block takes text as it is, tabs and Markdown too', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('```')
  await ada.type('# no heading\n**no bold**')
  await expect.poll(() => ben.lines()).toEqual(['code_block: # no heading\n**no bold**'])
})

test('an uploaded image is shown to both', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  // Before the typing: a listener that comes with the press would miss the dialog now and then.
  const chooser = ada.page.waitForEvent('filechooser')
  await ada.type('/upload')
  await ada.press('Enter')
  await (await chooser).setFiles({ name: 'dot.png', mimeType: 'image/png', buffer: png })
  const image = (writer: Writer) => writer.paper.locator('img[src^="/files/"]')
  await expect(image(ada)).toHaveCount(1)
  await expect(image(ben)).toHaveCount(1)
  await expect
    .poll(() => image(ben).evaluate((node) => (node as HTMLImageElement).naturalWidth))
    .toBe(1)
})

test('a link is made by shortcut, followed by others, and refuses scripts', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('see the manual')
  await ada.select('manual')
  await ada.press('Control+k')
  await ada.type('https://example.org/manual')
  await ada.press('Enter')
  const link = ben.paper.getByRole('link', { name: 'manual' })
  await expect(link).toHaveAttribute('href', 'https://example.org/manual')

  await ada.select('see')
  await ada.press('Control+k')
  await ada.type('javascript:alert(1)')
  await ada.press('Enter')
  await expect(ben.paper.locator('a')).toHaveCount(1)
  await ada.press('Escape')
})

test('pasted HTML keeps its structure and loses its scripts', async ({ people, browserName }) => {
  test.skip(browserName !== 'chromium', 'the clipboard needs a permission only Chromium grants')
  const { ada, ben } = await writerAndWitness(people)
  await ada.paper.evaluate((element) => {
    const data = new DataTransfer()
    data.setData(
      'text/html',
      '<h2>Pasted</h2><ul><li>one<ul><li>inner</li></ul></li></ul><p onclick="alert(1)">a <b>bold</b> word<script>window.bad = 1</script></p>',
    )
    data.setData('text/plain', 'not this')
    element.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    )
  })
  await expect
    .poll(async () => (await ben.lines()).slice(0, 4))
    .toEqual(['heading 2: Pasted', 'bullet: one', '>bullet: inner', 'paragraph: a bold word'])
  expect(await ada.page.evaluate(() => 'bad' in window)).toBe(false)
})

test('a table grows by Tab and its cells take marks', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.insertTable()
  await ada.cells.first().click()
  await ada.type('a')
  await ada.press('Tab')
  await ada.type('**b** c')
  await expect(ben.cells.nth(1)).toHaveText('b c')
  await expect(ben.cells.nth(1).locator('strong')).toHaveText('b')
})

test('alignment is set by shortcut and survives a reload', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('in the middle')
  await ada.press('Control+Shift+E')
  await expect.poll(async () => (await ben.json()).content?.[0]?.attrs?.['align']).toBe('center')
  await ada.status('saved')
  await ada.page.reload()
  await ada.ready()
  expect((await ada.json()).content?.[0]?.attrs?.['align']).toBe('center')
})

test('select all and delete leaves one paragraph to write in', async ({ people }) => {
  const { ada, ben } = await writerAndWitness(people)
  await ada.type('# Heading\n- item\nitem')
  await ada.press('Control+a', 'Delete')
  await ada.type('anew')
  await ben.sees('anew')
  await expect.poll(async () => (await ben.lines()).length).toBe(1)
})
