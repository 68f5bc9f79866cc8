// @vitest-environment jsdom
import { texOf } from '@quire/document'
import { until } from '@quire/testkit'
import { NodeSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import type { Editor } from '../../create-editor.ts'
import { edit, host, press, type } from '../../../test/open-editor.ts'
import { pair } from '../../../test/pair.ts'
import { draw } from './draw.ts'
import { letterOf } from './letters.ts'

const formulas = ({ view }: Editor): string[] => {
  const found: string[] = []
  view.state.doc.descendants((node) => {
    if (node.type.name.startsWith('math_')) found.push(`${node.type.name} ${texOf(node)}`)
  })
  return found
}
const drawn = (): Element[] => [...host.querySelectorAll('.quire-math math')]
const panel = (): HTMLFormElement | null => host.querySelector('form[aria-label="Formula"]')
const input = (): HTMLTextAreaElement => panel()!.querySelector('textarea')!
const write = (tex: string): void => {
  input().value = tex
  input().dispatchEvent(new Event('input', { bubbles: true }))
}
const submit = (): boolean =>
  input().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
const select = ({ view }: Editor, at: number): void =>
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, at)))

test('what is typed between dollars is a formula, and Backspace makes it dollars again', async () => {
  const editor = edit()
  type(editor, 'so $a_1 < b$ and')
  expect(formulas(editor)).toEqual(['math_inline a_1 < b'])
  expect(editor.view.state.doc.textContent).toBe('so a_1 < b and')
  await until('it is drawn', () => drawn().length === 1)
  expect(host.querySelector('[role="math"]')?.getAttribute('aria-label')).toBe('a_1 < b')

  const other = edit()
  type(other, 'so $x$')
  press(other, 'Backspace')
  expect(other.view.state.doc.textContent).toBe('so $x$')
})

test.each(['US$5 and 6$', '$ x$', '$x $', '$x\\$', '$20'])('no formula is made of %j', (words) => {
  const editor = edit()
  type(editor, words)
  expect(formulas(editor)).toEqual([])
  expect(editor.view.state.doc.textContent).toBe(words)
})

test('two dollars and a space, or Enter, ask for a formula; Escape leaves nothing', async () => {
  const editor = edit()
  type(editor, '$$ ')
  await until('the panel is there', () => panel() !== null)
  write('\\sum_i i')
  submit()
  expect(formulas(editor)).toEqual(['math_block \\sum_i i'])
  expect(panel()).toBeNull()

  type(editor, '$$')
  expect(press(editor, 'Enter')).toBe(true)
  await until('the panel is there', () => panel() !== null)
  input().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  expect(panel()).toBeNull()
  expect(formulas(editor)).toEqual(['math_block \\sum_i i'])
  expect(editor.view.state.doc.textContent).toBe('\\sum_i i')
})

test('Enter on a selected formula opens it; what it shows follows, and emptied it goes', async () => {
  const editor = edit()
  type(editor, 'a $x$')
  select(editor, 3)
  expect(press(editor, 'Enter')).toBe(true)
  await until('the panel is there', () => panel() !== null)
  expect(input().value).toBe('x')
  write('\\frac{x')
  await until('it says what is wrong', () => input().getAttribute('aria-invalid') === 'true')
  expect(panel()!.querySelector('[role="status"]')?.textContent).toMatch(/expected/i)
  write('\\frac{x}{2}')
  await until('it is right again', () => !input().hasAttribute('aria-invalid'))
  submit()
  expect(formulas(editor)).toEqual(['math_inline \\frac{x}{2}'])
  type(editor, 'b')
  expect(editor.view.state.doc.textContent).toBe('a \\frac{x}{2}b')

  select(editor, 3)
  press(editor, 'Enter')
  await until('the panel is there', () => panel() !== null)
  write(' ')
  submit()
  expect(editor.view.state.doc.textContent).toBe('a b')
})

test('a colleague’s change is shown in the same element, and their typing elsewhere draws nothing anew', async () => {
  const [mine, theirs] = pair()
  const [here, there] = [edit({ doc: mine }), edit({ doc: theirs })]
  type(here, '$x$')
  await until('both see it', () => drawn().length === 2)
  const mathOf = (editor: Editor): Element => editor.view.dom.querySelector('.quire-math')!
  const [place, math] = [mathOf(there), mathOf(there).firstChild]
  type(here, ' and more')
  expect(there.view.state.doc.textContent).toBe('x and more')
  expect(mathOf(there)).toBe(place)
  expect(place.firstChild).toBe(math)
  here.view.dispatch(here.view.state.tr.setNodeAttribute(1, 'tex', 'y'))
  await until('they see the other one', () => place.querySelector('mi')?.textContent === 'y')
  expect(mathOf(there)).toBe(place)
})

test('a press opens a formula, and a second one soon after does, too', async () => {
  const editor = edit()
  type(editor, '$x$')
  const node = editor.view.state.doc.nodeAt(1)!
  for (const name of ['handleClickOn', 'handleDoubleClickOn'] as const) {
    const event = new MouseEvent('click')
    expect(editor.view.someProp(name, (press) => press(editor.view, 1, node, 1, event, true))).toBe(
      true,
    )
    await until('the panel is there', () => panel() !== null)
    input().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    expect(panel()).toBeNull()
  }
})

test('when a colleague takes away what is open, the panel goes', async () => {
  const [mine, theirs] = pair()
  const [here, there] = [edit({ doc: mine }), edit({ doc: theirs })]
  type(here, '$x$')
  select(here, 1)
  press(here, 'Enter')
  await until('the panel is there', () => panel() !== null)
  there.view.dispatch(there.view.state.tr.delete(1, 2))
  await until('the panel is gone', () => panel() === null)
})

test('a view-only editor shows formulas and opens none', async () => {
  const editor = edit()
  type(editor, '$x$')
  editor.setEditable(false)
  select(editor, 1)
  press(editor, 'Enter')
  await import('../../parts.ts')
  expect(panel()).toBeNull()
})

test('what is wrong is shown as its letters, with the reason, and runs nothing', () => {
  const place = document.createElement('span')
  expect(draw(place, '\\frac{1', false)).not.toBeNull()
  expect([place.textContent, place.className]).toEqual(['\\frac{1', 'is-wrong'])
  expect(place.title).not.toBe('')
  for (const tex of [
    '\\def\\a{\\a\\a}\\a',
    '\\href{javascript:alert(1)}{x}',
    '\\includegraphics{//a.b/c}',
    '\\htmlStyle{color:red}{x}',
    '<img src=x onerror=alert(1)>',
  ]) {
    draw(place, tex, true)
    expect(place.querySelector('a, img, [style], [href], [src]'), tex).toBeNull()
  }
  expect(draw(place, 'x', false)).toBeNull()
  expect([place.className, place.title]).toEqual(['', ''])
})

test('alphabets are letters of their own, and cells say how their columns are aligned', () => {
  const place = document.createElement('span')
  draw(place, '\\mathbb{R}\\mathcal{L}\\mathbf{x1}\\mathfrak{g}\\boldsymbol\\alpha', false)
  expect(place.textContent).toBe('ℝℒ𝐱𝟏𝔤𝜶')
  expect(letterOf('+', 'bold')).toBe('+')
  draw(place, '\\begin{aligned}a&=b\\\\c&=d\\end{aligned}', true)
  const cells = [...place.querySelectorAll('mtd')]
  expect(cells.map((cell) => cell.getAttribute('data-align'))).toEqual([
    'right',
    'left',
    'right',
    'left',
  ])
})
