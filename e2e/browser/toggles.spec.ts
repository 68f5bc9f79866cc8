/** Toggles, and pictures with a caption and a size, with somebody else in the document. */
import { expect, test } from './fixtures.ts'
import type { Writer } from './writer.ts'

test('a toggle hides what is in it for one, while the other writes in it', async ({ people }) => {
  const [ada, ben] = [await people.join('Ada'), await people.join('Ben')]
  await ada.paper.click()
  await ada.type('>> What is in it\nfirst\nsecond')
  await ada.press('Enter', 'Enter')
  await ada.type('behind')
  const lines = [
    'toggle: What is in it',
    '>paragraph: first',
    '>paragraph: second',
    'paragraph: behind',
  ]
  await expect.poll(() => ben.lines()).toEqual(lines)
  // He has not opened it; his caret does.
  await expect(ben.paper.getByText('first')).toBeHidden()
  await ben.caret('after', 'second')
  await expect(ben.paper.getByText('second')).toBeVisible()
  await ada.paper.getByRole('button', { name: 'Show or hide what is in it' }).click()
  await expect(ada.paper.getByText('second')).toBeHidden()
  await ben.type(' thought')
  await expect(ada.paper.getByText('second thought')).toHaveCount(1)
  await expect(ada.paper.getByText('second thought')).toBeHidden()
  await expect(ada.page.locator('.quire-caret:visible')).toHaveCount(0)
  await ada.caret('after', 'What is in it')
  await ada.press('Control+Enter')
  await expect(ada.paper.getByText('second thought')).toBeVisible()
  await expect(ben.paper.getByText('first')).toBeVisible()
})

test('a picture is made larger by a finger and by keys, and gets words below it', async ({
  people,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'touches come by the interface of Chromium')
  const ada = await people.join('Ada', { hasTouch: true, viewport: { width: 390, height: 800 } })
  const ben = await people.join('Ben')
  await ada.page.evaluate(() => {
    const src = '/favicon.svg'
    window.quire?.editor.commands.insertImage({ src, alt: 'a leaf' })
  })
  const widthFor = async (writer: Writer): Promise<number> =>
    Number((await writer.json()).content?.[0]?.attrs?.['width'] ?? 0)
  await expect(ben.paper.getByRole('img')).toBeVisible()
  // It is selected since it came; a tap leaves it so, and brings the focus.
  await ada.paper.getByRole('img').tap()
  await expect(ada.paper).toBeFocused()
  await ada.press('Control+Shift+,')
  await expect.poll(() => widthFor(ben)).toBeGreaterThan(0)
  const first = await widthFor(ben)
  await ben.paper.getByRole('img').click()
  await expect(ben.paper.locator('.quire-image.ProseMirror-selectednode')).toBeVisible()
  await expect(ben.paper).toBeFocused()
  await ben.press('Control+Shift+,')
  await expect.poll(() => widthFor(ada)).toBeLessThan(first)
  const before = await widthFor(ada)
  await expect(ada.paper.locator('.quire-image-frame')).toHaveAttribute(
    'style',
    `width: ${before}px;`,
  )

  const box = await ada.page.locator('.quire-image-handle.is-end').boundingBox()
  if (!box) throw new Error('no handle')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const touch = await ada.context.newCDPSession(ada.page)
  const at = (dx: number) => [{ x: x + dx, y }]
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) })
  await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(-20) })
  await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(-50) })
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expect.poll(() => widthFor(ben)).not.toBe(before)

  await ben.page.getByRole('button', { name: 'Caption' }).click()
  await ben.type('A leaf\nbehind')
  await expect
    .poll(async () => (await ada.lines()).slice(0, 3))
    .toEqual(['image:', 'caption: A leaf', 'paragraph: behind'])
})
