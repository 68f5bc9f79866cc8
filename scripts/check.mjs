/** `npm run check`: everything that can be known in under a minute, in the order in which it is cheapest to fail. */
import { readdirSync } from 'node:fs'
import { installDependencies } from './dependencies.mjs'
import { fail, node, say } from './shell.mjs'

installDependencies()

const typed = ['packages', 'apps']
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .concat('e2e')

const withoutPage = [
  'base',
  'document',
  'persistence',
  'protocol',
  'provider',
  'sync-server',
  'testkit',
]

// A project of unit tests has the plain name of its package; other rings have a colon in theirs.
const unitTests = (projects, ...options) =>
  node([
    'node_modules/vitest/vitest.mjs',
    'run',
    ...projects.map((name) => `--project=${name}`),
    '--reporter=dot',
    ...options,
  ])

const steps = [
  { name: 'format', passes: () => node(['node_modules/@biomejs/biome/bin/biome', 'format', '.']) },
  {
    name: 'lint',
    passes: () => node(['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings']),
  },
  { name: 'walls', passes: () => node(['scripts/check-walls.mjs']) },
  { name: 'sizes', passes: () => node(['scripts/check-sizes.mjs']) },
  { name: 'rules', passes: () => node(['scripts/check-rules.mjs']) },
  { name: 'lock', passes: () => node(['scripts/check-lock.mjs']) },
  {
    name: 'types',
    passes: () =>
      typed
        .map((home) => node(['node_modules/typescript/bin/tsc', '-p', `${home}/tsconfig.json`]))
        .every(Boolean),
  },
  {
    name: 'unit tests without a page',
    // They share nothing that one file could leave behind for the next, so modules are loaded once.
    passes: () => unitTests(withoutPage, '--no-isolate'),
  },
  {
    name: 'unit tests with a page',
    passes: () =>
      unitTests(
        [...readdirSync('packages').filter((name) => !withoutPage.includes(name)), 'app-*'],
        '--pool=threads',
      ),
  },
]

for (const { name, passes } of steps) {
  say(name)
  if (!passes()) fail(`check failed: ${name}`)
}
say('all checks passed')
