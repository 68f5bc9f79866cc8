/** `npm run check`: everything that can be known in under a minute, in the order in which it is cheapest to fail. */
import { readdirSync } from 'node:fs'
import { installDependencies } from './dependencies.mjs'
import { fail, node, say } from './shell.mjs'

installDependencies()

const typed = ['packages', 'apps']
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .concat('e2e')

/** A type checker lives for seconds and is not worth collecting garbage in, as long as it stays small. */
const shortLived = { env: { GOGC: 'off', GOMEMLIMIT: '1GiB' } }

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
  {
    name: 'types',
    passes: () =>
      typed
        .map((home) =>
          node(['node_modules/typescript/bin/tsc', '-p', `${home}/tsconfig.json`], shortLived),
        )
        .every(Boolean),
  },
  {
    name: 'unit tests',
    // A project of unit tests has the plain name of its package; the other ring has a colon in its.
    passes: () =>
      node(['node_modules/vitest/vitest.mjs', 'run', '--project=!*:*', '--reporter=dot']),
  },
]

for (const { name, passes } of steps) {
  say(name)
  if (!passes()) fail(`check failed: ${name}`)
}
say('all checks passed')
