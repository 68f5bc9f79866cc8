import { expect, test } from 'vitest'
import { schema } from '../schema.ts'
import { documentOfText } from './from-text.ts'
import { htmlOf } from './html.ts'
import { markdownOf } from './markdown.ts'
import { plainTextOf } from './text.ts'

test('[EX6] text that is read line by line is written as it was', () => {
  for (const text of ['one\n\n  two\tthree', '', 'a']) {
    const doc = documentOfText(text)
    doc.check()
    expect(plainTextOf(doc)).toBe(text)
  }
})

test('[EX6] lines end as every system ends them, and signs that control nothing are left out', () => {
  expect(plainTextOf(documentOfText('\ufeffa\r\nb\rc\n'))).toBe('a\nb\nc')
  expect(plainTextOf(documentOfText('a\u0000\u000cb'))).toBe('ab')
})

test('[EX5] a part that this version does not know is said in every form', () => {
  const doc = schema.node('doc', null, [schema.node('locked', { what: 'chart' })])
  for (const write of [plainTextOf, markdownOf, htmlOf])
    expect(write(doc)).toContain('newer version')
})
