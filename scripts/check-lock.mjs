/**
 * The locks install everywhere: no address of a registry in them (it would bind the project to one),
 * and no optional platform package left out (`npm ci` refuses such a lock on other machines).
 */
import { readFileSync } from 'node:fs'

/** The project, and the servers that its benchmarks run beside it. */
const locks = ['package-lock.json', 'e2e/load/peers/package-lock.json']

const problems = []
for (const lock of locks) {
  const entries = Object.entries(JSON.parse(readFileSync(lock, 'utf8')).packages)
  for (const [path, entry] of entries) {
    if (/^https?:/.test(entry.resolved ?? ''))
      problems.push(`${lock}: ${path} is resolved to ${entry.resolved}`)
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!entries.some(([other]) => other.endsWith(`node_modules/${name}`))) {
        problems.push(`${lock}: ${name}, optional for ${path}, is missing`)
      }
    }
  }
}
if (problems.length > 0) console.error(problems.join('\n'))
process.exit(problems.length > 0 ? 1 : 0)
