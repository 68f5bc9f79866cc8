// @vitest-environment jsdom
import { schema } from '@quire/document'
import { DOMParser, Slice } from 'prosemirror-model'
import { expect, test } from 'vitest'
import { show, stateOf } from '../../../test/notation.ts'
import { edit, text, type } from '../../../test/open-editor.ts'
import { clipboardSerializerOf } from './clipboard-serializer.ts'
import { inertHtml, sliceFromText, textFromSlice } from './plugin.ts'

function pasted(html: string): string {
  const body = new window.DOMParser().parseFromString(html, 'text/html').body
  const slice = DOMParser.fromSchema(schema).parseSlice(body)
  const state = stateOf('p |')
  return show({
    doc: state.tr.replace(0, state.doc.content.size, new Slice(slice.content, 0, 0)).doc,
    selection: state.selection,
  })
}

test('plain text becomes a paragraph a line, and blank lines only separate', () => {
  const slice = sliceFromText(schema, 'one\r\ntwo\n\n\nthree')
  expect(slice.content.childCount).toBe(3)
  expect(slice.openStart).toBe(1)
  expect(textFromSlice(slice)).toBe('one\ntwo\nthree')
})

test('one line joins the text around it', () => {
  const state = stateOf('p a|b')
  const { tr } = state
  tr.replaceSelection(sliceFromText(schema, 'x'))
  expect(show(tr)).toBe('p ax|b')
})

test('nested lists of other programs become flat blocks with an indent', () => {
  expect(pasted('<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>').replaceAll('|', '')).toBe(
    '- a\n  # b\n- c',
  )
})

test('scripts and unsafe links of pasted pages are left out', () => {
  const body = new window.DOMParser().parseFromString(
    '<p>a<script>alert(1)</script><a href="javascript:alert(1)" onclick="x()">b</a></p>',
    'text/html',
  ).body
  const slice = DOMParser.fromSchema(schema).parseSlice(body)
  expect(JSON.stringify(slice.content.toJSON())).not.toMatch(/javascript|alert|onclick/)
})

test('copied lists are nested for other programs and come back as they were', () => {
  const before = '- a\n  # b\n  # c\n    [x] d\n- e\np f\n[ ] g'
  const slice = stateOf(before).doc.slice(0)
  const holder = document.createElement('div')
  holder.append(clipboardSerializerOf(schema).serializeFragment(slice.content))
  expect(holder.querySelectorAll('ul > li > ol > li > ul > li')).toHaveLength(1)
  expect(pasted(holder.innerHTML).replaceAll('|', '')).toBe(before)
})

test('pasted HTML loses what could run, and keeps its structure', () => {
  const html = '<h2 onclick="run()" id="a">Title</h2><script>run()</script><p>a <b>b</b></p>'
  expect(inertHtml(html)).toBe('<h2 id="a">Title</h2><p>a <b>b</b></p>')
})

test('the controls of a pasted form do not stand in for what a form can do', () => {
  const names = ['nodeName', 'childNodes', 'getAttributeNames', 'removeAttribute', 'style']
  const controls = names.map((name) => `<input name="${name}"><img id="${name}">`).join('')
  const inert = inertHtml(`<form onclick="run()">${controls}words</form>`)
  expect(inert).toMatch(/^<form>(<input><img>){5}words<\/form>$/)
})

test('a heading pasted into an empty paragraph stays a heading, into text it joins the text', () => {
  const empty = edit()
  empty.view.pasteHTML('<h2>Title</h2><p>text</p>', new Event('paste') as ClipboardEvent)
  expect(text(empty)).toBe('h2 Title\np text|')
  const filled = edit()
  type(filled, 'a')
  filled.view.pasteHTML('<h2>b</h2>', new Event('paste') as ClipboardEvent)
  expect(text(filled)).toBe('p ab|')
})
