// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { keepSelectionApart } from './selection-apart.ts'

test('an element kept apart says to React that it is not editable, and stays it for the browser', () => {
  const element = document.createElement('div')
  element.setAttribute('contenteditable', 'true')
  keepSelectionApart(element)
  expect(element.contentEditable).not.toBe('true')
  expect(element.getAttribute('contenteditable')).toBe('true')
  // What the editor sets reaches the attribute.
  element.contentEditable = 'false'
  expect(element.getAttribute('contenteditable')).toBe('false')
})
