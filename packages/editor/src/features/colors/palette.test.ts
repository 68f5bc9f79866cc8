import { expect, test } from 'vitest'
import { contrast, highlightColors, textColors } from './palette.ts'

const lightPaper = '#ffffff'
const darkPaper = '#17181b'
const ink = '#1e2025'

for (const { name, color } of textColors) {
  test(`${name} text is readable on light and on dark paper`, () => {
    expect(contrast(color, lightPaper)).toBeGreaterThan(3.85)
    expect(contrast(color, darkPaper)).toBeGreaterThan(3.85)
  })
}

for (const { name, color } of highlightColors) {
  test(`text on the ${name} highlight is readable`, () => {
    expect(contrast(color, ink)).toBeGreaterThan(10)
  })
}
