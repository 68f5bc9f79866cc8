/** Every screen is looked at by axe: nothing serious may be wrong with it, in light and in dark. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

/** What axe finds serious or critical, in words. */
async function flawsOf(page: Page): Promise<string[]> {
  // A menu that is still fading in has other colours.
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
  // Of what is not asked for axe only counts the places, which saves a third of its time.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] })
  const { violations } = await axe.analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 120)} ${any.map(({ message }) => message).join(' ')}`).join(' | ')}`,
    )
}

/** A menu, a palette, a dialog or the bar of find. */
const opened = '[role="menu"], [role="dialog"], dialog[open], [role="search"]'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a document with everything in it, its menus and dialogs, in ${colorScheme}`, async ({
    people,
  }) => {
    // A dozen looks of axe at a whole page.
    test.slow()
    const ada = await people.join('Ada', { colorScheme, viewport: { width: 1500, height: 900 } })
    const ben = await people.join('Ben')
    const { page } = ada
    await ada.paper.click()
    await ada.type('# Plan\n[] a task\n')
    await ada.press('Enter')
    await ada.type('1. a list with $x^2$\n')
    await ada.press('Enter')
    await ada.type('> a quote with **bold**, `code` and https://quire.test/ in it\n')
    await ada.press('Enter')
    await ada.type('## More\n>> a toggle\nwhat is in it')
    await ada.press('Enter', 'Enter', 'Control+Enter')
    await ada.insertTable()
    await ben.paper.click()
    await expect(page.locator('.quire-caret')).toHaveCount(1)
    await expect(page.getByRole('navigation', { name: 'Contents' })).toBeVisible()
    expect(await flawsOf(page)).toEqual([])

    const openings: readonly [what: string, open: () => Promise<void>][] = [
      ['the find bar', () => ada.press('Control+h')],
      ['the word count', () => ada.press('Control+Shift+c')],
      ['the shortcuts', () => ada.press('Control+/')],
      ['the block styles', () => page.getByRole('button', { name: /^Block style/ }).click()],
      ['the fonts', () => page.getByRole('button', { name: 'Font and size' }).click()],
      ['the colours', () => page.getByRole('button', { name: 'Text colour' }).click()],
      ['a formula', () => ada.paper.getByRole('math').click()],
      ['the tools', () => page.getByRole('button', { name: 'Tools' }).click()],
      ['sharing', () => page.getByRole('button', { name: 'Share' }).click()],
      [
        'the profile',
        () =>
          page
            .getByRole('button', { name: /profile|Ada/i })
            .last()
            .click(),
      ],
    ]
    for (const [what, open] of openings) {
      await ada.caret('after', 'Plan')
      await open()
      // Most of them are fetched when they are asked for.
      await expect(page.locator(opened).first()).toBeVisible()
      await test.step(what, async () => expect(await flawsOf(page), what).toEqual([]))
      await ada.press('Escape')
    }
    await ada.caret('after', 'More')
    await ada.press('Enter')
    await ada.type('/')
    await expect(page.getByRole('listbox')).toBeVisible()
    expect(await flawsOf(page), 'the slash menu').toEqual([])
    await ada.press('Escape', 'Backspace')
    await ada.type('@be')
    await expect(page.getByRole('option').first()).toHaveText(/^Ben/)
    expect(await flawsOf(page), 'who can be mentioned').toEqual([])
  })
}

test('the list of documents, full and empty, and a document that is not there', async ({
  people,
  served,
}) => {
  const ada = await people.join('Ada')
  ada.mayLoseNetwork = true
  for (const path of ['/', '/d/none-of-this-name']) {
    await ada.page.goto(served.url + path)
    await expect(ada.page.getByRole('heading').first()).toBeVisible()
    expect(await flawsOf(ada.page), path).toEqual([])
  }
})

test('a document on a phone', async ({ people }) => {
  const ada = await people.join('Ada', { viewport: { width: 390, height: 844 }, hasTouch: true })
  await ada.paper.click()
  await ada.type('# Plan\nwords')
  await ada.status('saved')
  expect(await flawsOf(ada.page)).toEqual([])
})
