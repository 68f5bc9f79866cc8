/** What a checkout needs before it runs: npm's packages, and the build. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, node, root, run, say } from './shell.mjs'

// Turbo and others would ask the network for news; a build has no business there.
process.env.TURBO_TELEMETRY_DISABLED = '1'
process.env.TURBO_NO_UPDATE_NOTIFIER = '1'
process.env.DO_NOT_TRACK = '1'

/** Servers that the benchmarks run beside Quire: a package of its own, with native parts that take a minute to build. */
const peersFolder = 'e2e/load/peers'

/** Runs `npm ci` when the lock, the platform or Node's ABI differ from those of the last install. */
export function installDependencies() {
  if (installIn('.')) return
  fail('The packages could not be installed: see what npm says above.')
}

/** The same for the benchmarks' peers; without them a benchmark runs alone and says so. */
export function installPeers() {
  if (installIn(peersFolder)) return
  say('the peers of the benchmarks could not be installed; going on without them')
}

/** Whether the packages of `folder` are there; two tries. */
function installIn(folder) {
  const stamp = join(folder, 'node_modules/.installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true
  say(`installing packages (npm ci)${folder === '.' ? '' : ` in ${folder}`}`)
  // Under NODE_ENV=production npm would leave out what the build needs.
  const install = () =>
    run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: join(root, folder),
      env: { NODE_ENV: '' },
    })
  if (!install()) {
    say('npm ci failed; once more')
    if (!install()) return false
  }
  writeFileSync(stamp, wanted)
  return true
}

/** Builds every package that changed since the last build. */
export function build() {
  say('building')
  if (!node(['node_modules/turbo/bin/turbo', 'run', 'build', '--output-logs=errors-only'])) {
    fail('The build failed: see the errors above.')
  }
}
