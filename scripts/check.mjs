/** `npm run check`: everything that can be known in under a minute, in the order in which it is cheapest to fail. */
import { readdirSync } from 'node:fs'
import { installDependencies } from './dependencies.mjs'
import { fail, node, say } from './shell.mjs'

installDependencies()

const typed = ['packages', 'apps']
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .concat('e2e')

const steps = [
  ['format', () => node(['node_modules/@biomejs/biome/bin/biome', 'format', '.'])],
  ['lint', () => node(['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'])],
  ['walls', () => node(['scripts/check-walls.mjs'])],
  ['sizes', () => node(['scripts/check-sizes.mjs'])],
  ['rules', () => node(['scripts/check-rules.mjs'])],
  ['lock', () => node(['scripts/check-lock.mjs'])],
  [
    'types',
    () =>
      typed
        .map((home) => node(['node_modules/typescript/bin/tsc', '-p', `${home}/tsconfig.json`]))
        .every(Boolean),
  ],
  [
    'unit tests',
    () =>
      node([
        'node_modules/vitest/vitest.mjs',
        'run',
        '--project=!*:integration',
        '--project=!e2e:sim',
        '--reporter=dot',
      ]),
  ],
]

for (const [name, step] of steps) {
  say(name)
  if (!step()) fail(`check failed: ${name}`)
}
say('all checks passed')
