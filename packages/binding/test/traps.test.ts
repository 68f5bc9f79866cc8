/** The table of traps in the README names tests that are there. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const rows = [...readme.matchAll(/^\| .+ \| `([\w./-]+\.ts)`: (.+) \|$/gm)].map(
  ([, file = '', title = '']) => ({ file, title }),
)

test('the table has a row for each known trap', () => {
  expect(rows.length).toBeGreaterThan(50)
})

test.each(rows)('$file has "$title"', ({ file, title }) => {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8')
  expect(source.includes(`'${title}'`)).toBe(true)
  // It would stand there and prove nothing.
  expect(source).not.toMatch(/\b(test|describe)\.(skip|todo|fails|only)\b/)
})
