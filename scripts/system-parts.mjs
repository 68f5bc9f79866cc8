/**
 * What the tests need of the system: the browsers that they drive; strace and Btrfs, with which they
 * make the disk fail and cut its power; PostgreSQL, and PgBouncer before it. Found where Playwright or the system has them; installed with
 * apt-get when we are root on Debian or Ubuntu, else by Playwright's own download.
 */
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fail, node, run, say } from './shell.mjs'

const systemPaths = {
  chromium: [
    process.env.CHROMIUM_PATH ?? '',
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ],
  firefox: [
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ],
  ...(process.platform === 'linux' && {
    strace: ['/usr/bin/strace'],
    btrfs: ['/usr/sbin/mkfs.btrfs', '/usr/bin/mkfs.btrfs', '/sbin/mkfs.btrfs'],
  }),
  // Debian keeps each version in a folder of its own.
  postgresql: ['/opt/homebrew/bin/initdb', '/usr/local/bin/initdb', '/usr/local/pgsql/bin/initdb'],
  pgbouncer: ['/usr/sbin/pgbouncer', '/opt/homebrew/bin/pgbouncer', '/usr/local/bin/pgbouncer'],
}

const debianPostgresql = '/usr/lib/postgresql'

function hasDebianPostgresql() {
  if (!existsSync(debianPostgresql)) return false
  const versions = readdirSync(debianPostgresql)
  return versions.some((version) => existsSync(join(debianPostgresql, version, 'bin/initdb')))
}

const debianPackages = {
  chromium: ['chromium-headless-shell', 'fonts-liberation'],
  firefox: ['firefox-esr'],
  strace: ['strace'],
  btrfs: ['btrfs-progs'],
  pgbouncer: ['pgbouncer'],
  postgresql: ['postgresql'],
}

async function has(part) {
  if (systemPaths[part].some((path) => path !== '' && existsSync(path))) return true
  if (part === 'postgresql') return hasDebianPostgresql()
  if (part !== 'chromium' && part !== 'firefox') return false
  const playwright = await import('@playwright/test')
  const own = playwright[part].executablePath()
  if (existsSync(own)) return true
  // Headless runs use a smaller build that lies beside the folder which Playwright names.
  const folder = dirname(dirname(own))
  const shell = basename(folder).replace('chromium-', 'chromium_headless_shell-')
  return part === 'chromium' && existsSync(join(dirname(folder), shell))
}

async function missing() {
  const names = []
  for (const part of Object.keys(systemPaths)) if (!(await has(part))) names.push(part)
  return names
}

function aptInstall(packages) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  say(`apt-get install ${packages.join(' ')}`)
  const quiet = {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  }
  run('apt-get', ['update', '-qq'], quiet)
  const install = ['install', '-y', '-qq', '--no-install-recommends']
  if (!run('apt-get', [...install, ...packages], quiet)) {
    for (const name of packages) run('apt-get', [...install, name], quiet)
  }
}

/** Installs what is missing. Without Chromium it ends the process; without another part its tests are left out, which is said (and is a failure in CI). */
export async function installSystemParts() {
  let lacking = await missing()
  if (lacking.length > 0) {
    aptInstall(lacking.flatMap((part) => debianPackages[part]))
    lacking = await missing()
  }
  if (lacking.includes('chromium')) {
    say("downloading Playwright's Chromium")
    node(['node_modules/@playwright/test/cli.js', 'install', 'chromium'])
    lacking = await missing()
  }
  if (lacking.includes('chromium')) {
    fail(
      'No Chromium was found and none could be installed. Install one of these and run again:\n' +
        '  Debian, Ubuntu:  sudo apt-get install chromium\n' +
        '  elsewhere:       npx playwright install --with-deps chromium\n' +
        '  or set CHROMIUM_PATH to a Chromium or Chrome that is already there.',
    )
  }
  for (const part of lacking) {
    const hint = debianPackages[part].join(' ')
    say(`NOTE: no ${part} was found: its tests are left out (Debian: apt-get install ${hint})`)
  }
  if (process.env.CI && lacking.length > 0) fail('In CI no part may be missing.')
}
