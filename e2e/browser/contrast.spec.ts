/** People who need more contrast, whose system chooses all colours, or who want no motion. */
import { expect, test } from './fixtures.ts'

test('with the colours of the system, what is on and what is chosen is told by a line', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  const { page } = ada
  await page.emulateMedia({ forcedColors: 'active' })
  await ada.paper.click()
  await ada.type('one')
  await ada.press('Control+b')
  const bold = page.getByRole('button', { name: 'Bold', exact: true })
  await expect(bold).toHaveAttribute('aria-pressed', 'true')
  await expect(bold).toHaveCSS('outline-style', 'solid')
  await expect(page.getByRole('button', { name: 'Underline' })).toHaveCSS('outline-style', 'none')
  await ada.press('Enter')
  await ada.type('/')
  const [first, second] = [page.getByRole('option').first(), page.getByRole('option').nth(1)]
  await expect(first).toHaveCSS('outline-style', 'solid')
  await expect(second).toHaveCSS('outline-style', 'none')
  await expect(page.locator('.quire-popover')).toHaveCSS('outline-style', 'solid')
})

test('with more contrast, quiet words and lines are dark', async ({ people }) => {
  const ada = await people.join('Ada')
  const { page } = ada
  /** How light a colour of the editor is, from 0 to 1. */
  const lightness = (name: string): Promise<number> =>
    ada.paper.evaluate((paper, token) => {
      const probe = paper.ownerDocument.createElement('span')
      probe.style.color = `var(${token})`
      paper.parentElement?.append(probe)
      const [red = 0, green = 0, blue = 0] =
        getComputedStyle(probe)
          .color.match(/[\d.]+/g)
          ?.map(Number) ?? []
      probe.remove()
      return (red + green + blue) / 765
    }, name)
  const before = await lightness('--quire-color-ink-soft')
  const line = await lightness('--quire-color-line')
  await page.emulateMedia({ contrast: 'more' })
  expect(await lightness('--quire-color-ink-soft')).toBeLessThan(before / 1.5)
  expect(await lightness('--quire-color-line')).toBeLessThan(line / 1.5)
})

test('without motion nothing moves by itself and nothing fades for long', async ({ people }) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  const { page } = ada
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await ben.paper.click()
  await ada.paper.click()
  await ada.type('one')
  await page.getByRole('button', { name: 'More formatting' }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  const longest = await page.evaluate(() => {
    const seconds = (text: string): number =>
      Math.max(
        0,
        ...text.split(',').map((one) => Number.parseFloat(one) * (one.includes('ms') ? 0.001 : 1)),
      )
    const all = [...document.querySelectorAll('*')].map((element) => {
      const { transitionDuration, animationDuration, animationName } = getComputedStyle(element)
      return Math.max(
        seconds(transitionDuration),
        animationName === 'none' ? 0 : seconds(animationDuration),
      )
    })
    return Math.max(...all)
  })
  expect(longest).toBeLessThanOrEqual(0.001)
  await expect(page.locator('.quire-caret')).toHaveCount(1)
})
