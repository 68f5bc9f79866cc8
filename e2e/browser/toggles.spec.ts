/** Toggles, and pictures with a caption and a size, with somebody else in the document. */
import { expect, test } from './fixtures.ts'

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
  const width = async (): Promise<number> =>
    Number((await ben.json()).content?.[0]?.attrs?.['width'] ?? 0)
  await ada.paper.getByRole('img').tap()
  await ada.press('Control+Shift+,')
  await expect.poll(width).toBeGreaterThan(0)
  const before = await width()
  const handle = ada.page.locator('.quire-image-handle.is-end')
  const box = await handle.boundingBox()
  if (!box) throw new Error('no handle')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const touch = await ada.context.newCDPSession(ada.page)
  const at = (dx: number) => [{ x: x + dx, y }]
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) })
  await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(-20) })
  await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(-50) })
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expect.poll(width).toBeLessThan(before - 60)

  await ada.page.getByRole('button', { name: 'Caption' }).click()
  await ada.type('A leaf\nbehind')
  await expect
    .poll(async () => (await ben.lines()).slice(0, 3))
    .toEqual(['image:', 'caption: A leaf', 'paragraph: behind'])
})
