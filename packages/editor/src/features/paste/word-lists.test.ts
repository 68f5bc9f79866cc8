// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { edit, text } from '../../../test/open-editor.ts'

/** A line of a list as Word puts it on the clipboard. */
const line = (
  level: number,
  sign: string,
  words: string,
  name = 'p class=MsoListParagraph',
): string =>
  `<${name} style='margin-left:36.0pt;text-indent:-18.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span
lang=EN-US style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>${sign}<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span lang=EN-US>${words}<o:p></o:p></span></${name.split(' ')[0]}>`

function pasted(html: string): string {
  const editor = edit()
  editor.view.pasteHTML(
    `<html xmlns:o="o"><body lang=EN-US><!--StartFragment-->${html}<!--EndFragment--></body></html>`,
    new Event('paste') as ClipboardEvent,
  )
  editor.view.state.doc.check()
  return text(editor).replace('|', '')
}

test('bullets and numbers of Word are lists, as deep as they were, without their signs', () => {
  const html = [
    line(1, '·', 'one'),
    line(2, 'o', 'below'),
    line(3, '§', 'deep'),
    line(1, '2.', 'number'),
    line(2, 'b)', 'letter'),
    line(2, '1.2.', 'both'),
  ]
  expect(pasted(html.join('\n'))).toBe(
    '- one\n  - below\n    - deep\n# number\n  # letter\n  # both',
  )
})

test('a numbered heading stays a heading and keeps its number', () => {
  expect(pasted(line(1, '1.', 'Goals', 'h2') + line(1, '·', 'Means', 'h2'))).toBe(
    'h2 1. Goals\nh2 Means',
  )
})

test('text that only mentions such a style is text', () => {
  expect(pasted('<p style="mso-list:none">a</p><p style="mso-list:l0">b</p>')).toBe('p a\np b')
})
