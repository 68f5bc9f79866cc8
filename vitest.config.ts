import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Nothing is served to a browser here; what could be is not looked for. */
const unlooked = { noDiscovery: true, entries: [] }

/** Sources run as they are: packages see each other through the `source` export condition, no build needed. */
const source = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  optimizeDeps: unlooked,
  // Where the files of `vmThreads` run; vitest switches this off in its other environments only.
  environments: { __vitest_vm__: { optimizeDeps: unlooked } },
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
    hookTimeout: 60_000,
    ...lane,
  },
})

/** Whether times are judged by what people notice (`packages/sync-server/test/neighbours.ts`); then nothing runs beside them. */
const isTimed = process.env['QUIRE_TIMED'] === '1'

/**
 * How files run, and in which order. Loading modules and making pages costs more than most unit
 * tests do, so their files share what they can share. Tests with real sockets, disks and processes
 * wait more than they work, and all of them stand a busy machine: three at once, beside the long seeds.
 */
const lanes = {
  /** Unit tests that need no page: files share a thread's modules, of which none keeps a state. */
  plain: { pool: 'threads', isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } },
  /** Unit tests with a page: a world of its own for each file, and the code that makes it loaded once. */
  page: { pool: 'vmThreads', maxWorkers: 2, sequence: { groupOrder: 1 } },
  /** Long seeds, corpora, real sockets, disks and processes. */
  wide: { testTimeout: 120_000, maxWorkers: isTimed ? 1 : 3, sequence: { groupOrder: 2 } },
  /** Has the machine to itself. */
  clocked: { testTimeout: 120_000, maxWorkers: 1, sequence: { groupOrder: 3 } },
}

/** Files that judge by a clock whether somebody waited for somebody else. Beside others, it could be for those. */
const clocked: Readonly<Record<string, readonly string[]>> = {
  'packages/persistence': ['compactor', 'stall', 'thread', 'worker-pool'],
  'packages/sync-server': ['access'],
}

/** The longest files. They begin first, so that at the end no core waits for one of them. */
const long = [
  'sim/traces',
  'sim/kill',
  'binding/test/fuzz',
  'test/hostile-frames',
  'persistence/test/kill',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      long.some((name) => moduleId.endsWith(`${name}.test.ts`))
    const order = ({ project }: TestSpecification): number => project.config.sequence.groupOrder
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => order(a) - order(b) || Number(isLong(b)) - Number(isLong(a)))
  }
}

const rings = [
  ['packages/base', 'plain'],
  ['packages/protocol', 'plain'],
  ['packages/persistence', 'plain'],
  ['packages/sync-server', 'plain'],
  ['packages/provider', 'plain'],
  ['packages/document', 'plain'],
  ['packages/binding', 'page'],
  ['packages/editor', 'page'],
  ['packages/testkit', 'plain'],
  ['apps/server', 'plain'],
  ['apps/web', 'page'],
  ['apps/playground', 'page'],
] as const

/**
 * Two rings: `unit` has the plain name of its package; `integration` (`<package>/test`, e2e) has a colon in
 * its name, as has `<package>:clocked`, its part with a clock.
 */
const integration = (home: string) => {
  const files = (clocked[home] ?? []).map((name) => `test/${name}.test.ts`)
  const together = { ...lanes.wide, include: ['test/**/*.test.ts'], exclude: files }
  return [
    project(`${home}:integration`, home, together),
    ...(files.length > 0
      ? [project(`${home}:clocked`, home, { ...lanes.clocked, include: files })]
      : []),
  ]
}

/** `npm run check` runs the unit tests, `npm test` both rings. */
export default defineConfig({
  test: {
    projects: [
      ...rings.map(([home, lane]) =>
        project(home.replace('packages/', '').replace('apps/', 'app-'), home, lanes[lane]),
      ),
      ...rings.flatMap(([home]) => integration(home)),
      project('e2e:sim', 'e2e', {
        ...lanes.wide,
        include: ['sim/**/*.test.ts', 'load/**/*.test.ts'],
        testTimeout: 600_000,
      }),
    ],
    passWithNoTests: true,
    sequence: { sequencer: LongestFirst },
    reporters: process.env['VITEST_JSON']
      ? ['default', ['json', { outputFile: process.env['VITEST_JSON'] }]]
      : ['default'],
  },
})
