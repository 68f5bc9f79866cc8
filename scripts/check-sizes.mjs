/** Fails on a source file of more than 600 lines, or of more than 300 without a line in its header that begins with `Length:` and gives the reason. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const linesMax = 600
const linesWithoutReason = 300

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter(
    (file) => /\.(ts|tsx|mjs|css)$/.test(file) && !file.includes('/fixtures/') && existsSync(file),
  )

const problems = []
for (const file of files) {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  if (lines.length > linesMax)
    problems.push(`${file}: ${lines.length} lines, more than ${linesMax}`)
  else if (
    lines.length > linesWithoutReason &&
    !lines.slice(0, 30).some((line) => /Length:/.test(line))
  ) {
    problems.push(`${file}: ${lines.length} lines, and its header gives no reason ("Length: …")`)
  }
}
if (problems.length > 0) console.error(problems.join('\n'))
process.exit(problems.length > 0 ? 1 : 0)
