/** `npm run check`: everything that can be known in under a minute, in the order in which it is cheapest to fail. */
import { readdirSync } from 'node:fs'
import { installDependencies } from './dependencies.mjs'
import { fail, node, nodeBeside, say } from './shell.mjs'

installDependencies()

/** The largest first, so that at the end no core waits for one of them. */
const typed = [
  'e2e',
  ...['apps', 'packages'].flatMap((folder) =>
    readdirSync(folder).map((name) => `${folder}/${name}`),
  ),
]

/** A type checker lives for seconds and is not worth collecting garbage in, as long as it stays small. */
const shortLived = { env: { GOGC: 'off', GOMEMLIMIT: '1GiB' } }

/** Two at once with one checker each: several checkers of one program do much of the work again. */
async function typesPass() {
  const homes = [...typed]
  const next = async () => {
    let passes = true
    for (let home = homes.shift(); home !== undefined; home = homes.shift()) {
      const tsc = ['node_modules/typescript/bin/tsc', '--checkers', '1']
      if (!(await nodeBeside([...tsc, '-p', `${home}/tsconfig.json`], shortLived))) passes = false
    }
    return passes
  }
  return (await Promise.all([next(), next()])).every(Boolean)
}

const steps = [
  { name: 'format', passes: () => node(['node_modules/@biomejs/biome/bin/biome', 'format', '.']) },
  {
    name: 'lint',
    passes: () =>
      node(['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'], shortLived),
  },
  { name: 'walls', passes: () => node(['scripts/check-walls.mjs']) },
  { name: 'sizes', passes: () => node(['scripts/check-sizes.mjs']) },
  { name: 'rules', passes: () => node(['scripts/check-rules.mjs']) },
  { name: 'lock', passes: () => node(['scripts/check-lock.mjs']) },
  { name: 'types', passes: typesPass },
  {
    name: 'unit tests',
    // A project of unit tests has the plain name of its package; the other ring has a colon in its.
    passes: () =>
      node(['node_modules/vitest/vitest.mjs', 'run', '--project=!*:*', '--reporter=dot']),
  },
]

for (const { name, passes } of steps) {
  say(name)
  if (!(await passes())) fail(`check failed: ${name}`)
}
say('all checks passed')
