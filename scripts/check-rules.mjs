/** Every rule of a SPEC.md is cited by a test of its package (or of e2e), and every citation in a package names a rule that its SPEC.md has. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const files = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : [path]
  })
const citations = (folder) =>
  files(folder)
    .filter((file) => /(\.(test|spec)\.tsx?|contract\.ts)$/.test(file))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\[([A-Z]{2}\d+)\]/g)].map((m) => m[1]),
    )

const wholeSystem = new Set(citations('e2e'))
const problems = []
for (const name of readdirSync('packages')) {
  const home = join('packages', name)
  const spec = join(home, 'SPEC.md')
  const cited = new Set(citations(home))
  const text = existsSync(spec) ? readFileSync(spec, 'utf8') : ''
  const rules = [...text.matchAll(/^- \*\*([A-Z]{2}\d+)\*\*/gm)].map((m) => m[1])
  for (const rule of new Set(rules)) {
    if (rules.filter((other) => other === rule).length > 1)
      problems.push(`${spec}: ${rule} stands twice`)
    if (!cited.has(rule) && !wholeSystem.has(rule)) problems.push(`${spec}: no test cites ${rule}`)
  }
  for (const rule of cited) {
    if (!rules.includes(rule))
      problems.push(`${home}: a test cites ${rule}, which ${spec} does not have`)
  }
}
if (problems.length > 0) console.error(problems.join('\n'))
process.exit(problems.length > 0 ? 1 : 0)
