/**
 * Fails when a package imports what is not below it, reaches past another package's front door,
 * climbs out of its folder, or uses what its package.json does not declare.
 *
 * The table is the one place where the order of the packages is written for machines;
 * ARCHITECTURE.md draws it for people.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, relative, resolve } from 'node:path'

const below = {
  'packages/base': [],
  'packages/protocol': ['base'],
  'packages/persistence': ['base', 'protocol'],
  'packages/sync-server': ['base', 'protocol', 'persistence', 'document'],
  'packages/provider': ['base', 'protocol'],
  'packages/document': ['base'],
  'packages/binding': ['base', 'document'],
  'packages/editor': ['base', 'document', 'binding'],
  'packages/testkit': ['base', 'document'],
  'apps/server': ['base', 'protocol', 'document', 'persistence', 'sync-server'],
  'apps/web': ['base', 'protocol', 'document', 'provider', 'binding', 'editor'],
  // Not for users: it shows what tests do, so it knows their hands.
  'apps/playground': ['base', 'document', 'binding', 'editor', 'testkit'],
}

/** Packages of the world that only some may know: the environment and the engine stay behind their wall. */
const knownOnlyTo = {
  ws: ['packages/sync-server', 'apps/server'],
  'y-websocket': ['packages/provider'],
  'y-indexeddb': ['packages/provider'],
  'y-prosemirror': ['packages/binding'],
  '@photostructure/sqlite': ['packages/persistence'],
  react: ['apps/web'],
}

const isTest = (file) => /\.test\.tsx?$/.test(file) || file.includes('/test/')
const sources = (folder) =>
  !existsSync(folder)
    ? []
    : readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) return sources(path)
        return /\.tsx?$/.test(entry.name) ? [path] : []
      })

const problems = []
const homes = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(folder).map((name) => `${folder}/${name}`),
)
for (const home of homes) {
  const allowed = below[home]
  if (allowed === undefined) {
    problems.push(`${home}: not in the order of packages (scripts/check-walls.mjs)`)
    continue
  }
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  for (const file of [...sources(join(home, 'src')), ...sources(join(home, 'test'))]) {
    const inTests = isTest(file)
    const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    const imports = text.matchAll(
      /^\s*(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"\n]+)['"]|(?:^\s*import\s+|\bimport\s*\(\s*)['"]([^'"\n]+)['"]/gm,
    )
    for (const [, from, plain] of imports) {
      const spec = from ?? plain
      if (spec.startsWith('.')) {
        if (relative(home, resolve(file, '..', spec)).startsWith('..')) {
          problems.push(`${file}: "${spec}" climbs out of ${home}`)
        }
        continue
      }
      if (spec.startsWith('node:') || builtinModules.includes(spec)) continue
      const name = spec.split('/', spec.startsWith('@') ? 2 : 1).join('/')
      const own = /^@quire\/(.+)$/.exec(name)?.[1]
      if (inTests) {
        if (
          !(name in declared) &&
          !(name in (manifest.devDependencies ?? {})) &&
          name !== 'vitest' &&
          name !== manifest.name
        ) {
          problems.push(`${file}: "${spec}" is not declared in ${home}/package.json`)
        }
        continue
      }
      if (own !== undefined && !allowed.includes(own)) {
        problems.push(`${file}: "${spec}" is not below ${home}`)
      }
      if (!(name in declared) && !(name === 'vite' || name.startsWith('@vitejs/'))) {
        problems.push(`${file}: "${spec}" is not declared in ${home}/package.json`)
      }
      if (name in knownOnlyTo && !knownOnlyTo[name].includes(home)) {
        problems.push(`${file}: only ${knownOnlyTo[name].join(', ')} may know "${name}"`)
      }
    }
  }
}
if (problems.length > 0) console.error(problems.join('\n'))
process.exit(problems.length > 0 ? 1 : 0)
