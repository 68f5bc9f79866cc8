import { expect, test } from 'vitest'
import { after } from '../../../test/notation.ts'
import { codeEnter, codeTab, codeUntab, leaveCode } from './keys.ts'

test('Enter in code keeps the indentation of the line', () => {
  expect(after('```   a|', codeEnter)).toBe('```   a⏎  |')
  expect(after('p a|', codeEnter)).toBe(null)
})

test('Enter after two empty lines at the end leaves the block', () => {
  expect(after('``` a⏎⏎|', codeEnter)).toBe('``` a\np |')
})

test('Escape and Mod-Enter go to the text after, which is written when there is none', () => {
  expect(after('``` a|b', leaveCode)).toBe('``` ab\np |')
  expect(after('``` a|b\np c', leaveCode)).toBe('``` ab\np |c')
})

test('Tab writes spaces, and moves all selected lines in and out', () => {
  expect(after('``` a|b', codeTab)).toBe('``` a  |b')
  expect(after('``` ‹a⏎b›', codeTab)).toBe('```   ‹a⏎  b›')
  expect(after('```   ‹a⏎  b›', codeUntab)).toBe('``` ‹a⏎b›')
})
