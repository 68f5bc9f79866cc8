import { defineConfig } from 'vitest/config'

/** Sources run as they are: packages see each other through the `source` export condition, no build needed. */
const source = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
}

const project = (name: string, root: string, extra: object = {}) => ({
  ...source,
  test: {
    name,
    root,
    include: ['src/**/*.test.{ts,tsx}'],
    execArgv: ['--conditions=source'],
    testTimeout: 20_000,
    ...extra,
  },
})

const packages = [
  'base',
  'protocol',
  'persistence',
  'sync-server',
  'provider',
  'document',
  'binding',
  'editor',
  'testkit',
]
const apps = ['server', 'web', 'playground']

/**
 * Two rings. `unit` (tests beside the files) is what `npm run check` runs; `integration`
 * (`<package>/test`, e2e/sim, e2e/load: real sockets, disks, processes, long seeds) runs in `npm test` too.
 */
export default defineConfig({
  test: {
    projects: [
      ...packages.map((name) => project(name, `packages/${name}`)),
      ...apps.map((name) => project(`app-${name}`, `apps/${name}`)),
      ...[...packages.map((name) => `packages/${name}`), ...apps.map((name) => `apps/${name}`)].map(
        (root) =>
          project(`${root}:integration`, root, {
            include: ['test/**/*.test.ts'],
            testTimeout: 120_000,
          }),
      ),
      project('e2e:sim', 'e2e', {
        include: ['sim/**/*.test.ts', 'load/**/*.test.ts'],
        testTimeout: 600_000,
      }),
    ],
    passWithNoTests: true,
    reporters: process.env['VITEST_JSON']
      ? ['default', ['json', { outputFile: process.env['VITEST_JSON'] }]]
      : ['default'],
  },
})
