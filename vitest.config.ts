import { defineConfig } from 'vitest/config'

/** Sources run as they are: packages see each other through the `source` export condition, no build needed. */
const source = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  // Nothing is served to a browser here; what could be is not looked for.
  optimizeDeps: { noDiscovery: true },
}

const project = (name: string, root: string, lane: object) => ({
  ...source,
  test: {
    name,
    root,
    include: ['src/**/*.test.{ts,tsx}'],
    execArgv: ['--conditions=source'],
    // For what hangs; a busy machine takes ten times as long as a quiet one.
    testTimeout: 60_000,
    ...lane,
  },
})

/**
 * How files run, and in which order. Loading modules and making pages costs more than most unit
 * tests do, so their files share what they can share; what looks at clocks, disks, sockets and
 * processes has the machine to itself.
 */
const lanes = {
  /** Unit tests that need no page: files share a thread's modules, of which none keeps a state. */
  plain: { pool: 'threads', isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } },
  /** Unit tests with a page: a world of its own for each file, and the code that makes it loaded once. */
  page: { pool: 'vmThreads', maxWorkers: 2, sequence: { groupOrder: 1 } },
  /** Long seeds and corpora that only count: two at once. */
  counting: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    maxWorkers: 2,
    sequence: { groupOrder: 2 },
  },
  /** Real sockets, disks and processes. */
  alone: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    maxWorkers: 1,
    sequence: { groupOrder: 3 },
  },
}

/** Two rings: `unit` has the plain name of its package, `integration` (`<package>/test`, e2e) a colon in it. */
const rings = [
  ['packages/base', 'plain', 'alone'],
  ['packages/protocol', 'plain', 'alone'],
  ['packages/persistence', 'plain', 'alone'],
  ['packages/sync-server', 'plain', 'alone'],
  ['packages/provider', 'plain', 'alone'],
  ['packages/document', 'plain', 'counting'],
  ['packages/binding', 'page', 'counting'],
  ['packages/editor', 'page', 'alone'],
  ['packages/testkit', 'plain', 'alone'],
  ['apps/server', 'plain', 'alone'],
  ['apps/web', 'page', 'alone'],
  ['apps/playground', 'page', 'alone'],
] as const

/** `npm run check` runs the unit tests, `npm test` both rings. */
export default defineConfig({
  test: {
    projects: [
      ...rings.map(([home, lane]) =>
        project(home.replace('packages/', '').replace('apps/', 'app-'), home, lanes[lane]),
      ),
      ...rings.map(([home, , lane]) => project(`${home}:integration`, home, lanes[lane])),
      project('e2e:sim', 'e2e', {
        ...lanes.alone,
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
