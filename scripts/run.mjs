/**
 * The one entry point behind `npm start`, `npm test` and the longer runs. Uses only Node's own
 * modules, so that it works before anything is installed.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, installDependencies, installPeers } from './dependencies.mjs'
import { fail, node, root, say } from './shell.mjs'
import { installSystemParts } from './system-parts.mjs'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Quire needs Node 20.19 or newer; this is ${process.version}.`)
}

const fromSource = ['--conditions=source', '--import', 'tsx']
const vitest = 'node_modules/vitest/vitest.mjs'

/** Counts of a vitest or Playwright JSON report; a report that is not there is a failure. */
function countTests(file, read) {
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    say(`no report in ${file}: ${error.message}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

async function test(args) {
  installDependencies()
  await installSystemParts()
  build()
  const reports = join(root, '.cache/reports')
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const vitestJson = join(reports, 'vitest.json')
  const playwrightJson = join(reports, 'playwright.json')

  say('unit, integration and simulation tests')
  const inNode = node([vitest, 'run'], { env: { VITEST_JSON: vitestJson } })
  say('browser tests')
  const inBrowsers = node(['node_modules/@playwright/test/cli.js', 'test', '-c', 'e2e', ...args], {
    env: { PW_JSON: playwrightJson },
  })

  const a = countTests(vitestJson, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }))
  const b = countTests(playwrightJson, ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  }))
  const passed = a.passed + b.passed
  const failed = a.failed + b.failed
  say('done')
  console.log(`${passed} passed, ${failed} failed, ${a.skipped + b.skipped} skipped`)
  process.exit(inNode && inBrowsers && failed === 0 && passed > 0 ? 0 : 1)
}

/** The server runs in this process, so that signals reach it. */
async function start(args) {
  installDependencies()
  build()
  process.argv = [process.argv[0], join(root, 'apps/server/dist/main.js'), ...args]
  await import('../apps/server/dist/main.js')
}

/** The server from its sources on the usual port, and the web app with reloading in front of it. */
function dev(args) {
  installDependencies()
  const children = [
    spawn(process.execPath, [...fromSource, 'apps/server/src/main.ts', ...args], {
      stdio: 'inherit',
    }),
    spawn(process.execPath, ['../../node_modules/vite/bin/vite.js'], {
      stdio: 'inherit',
      cwd: join(root, 'apps/web'),
    }),
  ]
  for (const child of children) {
    child.once('exit', (code) => {
      for (const other of children) other.kill('SIGTERM')
      process.exitCode = code ?? 0
    })
  }
}

function repro([seed, ...rest]) {
  if (!/^\d+$/.test(seed ?? '')) fail('usage: npm run repro -- <seed>')
  installDependencies()
  const env = { QUIRE_SEED: seed, QUIRE_ROUNDS: '1' }
  const done = node([vitest, 'run', '--project', '*binding:integration', 'fuzz', ...rest], { env })
  process.exit(done ? 0 : 1)
}

/** Random schedules of editing, or, with `frames`, mutations of what clients send to the server. */
function fuzz([what = '10000', count = '1000000', first = '1']) {
  const isFrames = what === 'frames'
  const numbers = isFrames ? [count, first] : [what]
  if (!numbers.every((number) => /^\d+$/.test(number))) {
    fail('usage: npm run fuzz -- [rounds], or npm run fuzz -- frames [count] [first]')
  }
  installDependencies()
  const done = isFrames
    ? node([vitest, 'run', '--project', '*sync-server:integration', 'test/mutations'], {
        env: { QUIRE_MUTANTS: count, QUIRE_FIRST: first },
      })
    : node([vitest, 'run', '--project', '*binding:integration', 'fuzz'], {
        env: { QUIRE_ROUNDS: what },
      })
  process.exit(done ? 0 : 1)
}

async function bench(args) {
  installDependencies()
  const inBrowser = (name) => name.startsWith('typing') || ['binding', 'opening'].includes(name)
  if (args.length === 0 || args.some(inBrowser)) await installSystemParts()
  if (
    args.length === 0 ||
    args.some((name) => !['typing', 'cold-join', 'conflicts', 'binding'].includes(name))
  ) {
    installPeers()
  }
  build()
  process.exit(node([...fromSource, 'e2e/load/run.ts', ...args]) ? 0 : 1)
}

const commands = { start, dev, test, repro, fuzz, bench }
const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (command === undefined) fail(`usage: node scripts/run.mjs ${Object.keys(commands).join(' | ')}`)
else await command(args)
