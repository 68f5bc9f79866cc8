/** Formulas: typed between dollars, drawn for both, changed in their panel, and wrong ones. */
import { expect, test } from './fixtures.ts'

test('what is typed between dollars is a formula to both, and its panel changes it for both @firefox', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  await ada.paper.click()
  await ada.type('so $x^2$ is')
  const [hers, his] = [ada.paper.getByRole('math'), ben.paper.getByRole('math')]
  await expect(hers.locator('msup')).toHaveText('x2')
  await expect(his.locator('msup')).toHaveText('x2')

  await hers.click()
  const panel = ada.page.getByRole('dialog', { name: 'Formula' })
  const tex = panel.getByRole('textbox', { name: 'TeX' })
  await expect(tex).toHaveValue('x^2')
  await tex.fill('\\begin{aligned} a &= \\mathbb{R} \\\\ bc &= 1 \\end{aligned}')
  await expect(panel.locator('math')).toContainText('ℝ')
  // Somebody else may write in the same line meanwhile.
  await ben.caret('after', 'so ')
  await ben.type('then ')
  await ada.press('Enter')
  await expect(panel).toHaveCount(0)
  await expect(his).toContainText('ℝ')
  await expect(his.locator('mtd').first()).toHaveCSS('text-align', /right$/)
  await ada.type('!')
  await expect(ben.paper).toContainText('! is')
  await expect
    .poll(async () => (await ben.json()).content?.[0]?.content)
    .toMatchObject([{ text: 'so then ' }, { type: 'math_inline' }, { text: '! is' }])

  // It is one sign to the arrows: selected before it is passed, and Enter opens it.
  // Firefox has one window in front; what is focused in the others does not count as that.
  await ada.page.bringToFront()
  await ada.caret('before', '! is')
  await ada.press('ArrowLeft')
  await expect(hers).toHaveClass(/ProseMirror-selectednode/)
  await ada.press('Enter')
  await expect(tex).toBeFocused()
  await ada.press('Escape')
  await expect(panel).toHaveCount(0)
  await ada.press('ArrowLeft')
  await ada.type('?')
  await expect(ben.paper).toContainText('then ?')
})

test('a formula of its own comes by the menu, says what is wrong, and goes when it is emptied @firefox', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  await ada.paper.click()
  await ada.type('/formula')
  await expect(ada.page.getByRole('option').first()).toHaveText(/^Formula/)
  await ada.press('Enter')
  const panel = ada.page.getByRole('dialog', { name: 'Formula' })
  await panel.getByRole('textbox').fill('\\frac{1}{')
  await expect(panel.getByRole('status')).toHaveText(/expected/)
  await ada.press('Enter')
  const his = ben.paper.getByRole('math')
  await expect(his).toHaveText('\\frac{1}{')
  await expect(his).toHaveAttribute('title', /expected/)
  await expect(his).toHaveClass(/is-wrong/)

  await his.click()
  const theirs = ben.page.getByRole('dialog', { name: 'Formula' })
  await theirs.getByRole('textbox').fill('\\frac{1}{2}')
  await theirs.getByRole('button', { name: 'Apply' }).click()
  await expect(ada.paper.getByRole('math').locator('mfrac')).toBeVisible()
  await expect(ada.paper.getByRole('math')).not.toHaveAttribute('title')

  await his.click()
  await theirs.getByRole('textbox').fill('')
  await ben.press('Enter')
  await expect(ada.paper.getByRole('math')).toHaveCount(0)
})
