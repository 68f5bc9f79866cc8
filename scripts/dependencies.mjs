/** What a checkout needs before it runs: npm's packages, and the build. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fail, node, run, say } from './shell.mjs'

// Turbo and others would ask the network for news; a build has no business there.
process.env.TURBO_TELEMETRY_DISABLED = '1'
process.env.TURBO_NO_UPDATE_NOTIFIER = '1'
process.env.DO_NOT_TRACK = '1'

const stamp = 'node_modules/.installed'

/** Runs `npm ci` when the lock, the platform or Node's ABI differ from those of the last install. */
export function installDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync('package-lock.json'))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('installing packages (npm ci)')
  // Under NODE_ENV=production npm would leave out what the build needs.
  const install = () =>
    run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      env: { NODE_ENV: '' },
    })
  if (!install()) {
    say('npm ci failed; once more')
    if (!install()) fail('The packages could not be installed: see what npm says above.')
  }
  writeFileSync(stamp, wanted)
}

/** Builds every package that changed since the last build. */
export function build() {
  say('building')
  if (!node(['node_modules/turbo/bin/turbo', 'run', 'build', '--output-logs=errors-only'])) {
    fail('The build failed: see the errors above.')
  }
}
