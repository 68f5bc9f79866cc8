/**
 * The lock installs everywhere: no address of a registry in it (it would bind the project to one),
 * and no optional platform package left out (`npm ci` refuses such a lock on other machines).
 */
import { readFileSync } from 'node:fs'

const entries = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages)
const problems = []
for (const [path, entry] of entries) {
  if (/^https?:/.test(entry.resolved ?? ''))
    problems.push(`${path} is resolved to ${entry.resolved}`)
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!entries.some(([other]) => other.endsWith(`node_modules/${name}`))) {
      problems.push(`${name}, optional for ${path}, is missing`)
    }
  }
}
if (problems.length > 0) console.error(problems.join('\n'))
process.exit(problems.length > 0 ? 1 : 0)
