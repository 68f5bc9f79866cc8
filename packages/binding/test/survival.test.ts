/** The account of letters that the fuzz keeps: what it tells, and what it does not. */
import { code, doc, p } from '@quire/testkit'
import { expect, test } from 'vitest'
import { Letters, Survival } from './survival.ts'

const [a, b, c] = Array.from(new Letters().instead('abc')) as [string, string, string]

test('a letter that nobody took away is lost when it is gone, and told when it is there twice', () => {
  const survival = new Survival(doc(p(a, b)).node)
  expect(survival.problemsIn(doc(p(a)).node)).toEqual([`${b} is lost`])
  expect(survival.problemsIn(doc(p(a, b), p(b)).node)).toEqual([`${b} is there 2 times`])
})

test('a letter that somebody took away is not lost', () => {
  const survival = new Survival(doc(p(a, b)).node)
  let content = doc(p(a, b)).node
  survival.around(
    () => content,
    () => (content = doc(p(a)).node),
  )
  expect(survival.problemsIn(content)).toEqual([])
})

test('a letter stands in the block of the one behind which it was typed, and behind it', () => {
  const survival = new Survival(doc(p(a)).node)
  let content = doc(p(a)).node
  survival.around(
    () => content,
    () => (content = doc(p(a, c)).node),
  )
  expect(survival.problemsIn(doc(p(a), p(c)).node)).toEqual([`${c} is not in the block of ${a}`])
  expect(survival.problemsIn(doc(p(c, a)).node)).toEqual([`${c} stands in front of ${a}`])
})

test('line breaks of code look like each other, so nothing is said of them', () => {
  const survival = new Survival(doc(code(`${a}\n${b}`)).node)
  expect(survival.problemsIn(doc(code(`${a}\n\n${b}`)).node)).toEqual([])
  expect(survival.problemsIn(doc(code(`${a}${b}`)).node)).toEqual([])
})
