/**
 * Browser tests: real browsers, the real server in the worker's own process, the built web app.
 *
 * Packages and the server run from their sources: this file gives the workers the `source`
 * condition, and fixtures import the server only there, so that `npx playwright test -c e2e` needs
 * no environment. The web app must be built (`npm run build`).
 *
 * Two workers, each with a server and browsers of its own: a test waits about as long as it works. No
 * trace: it costs more than it tells.
 */
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { chromium, defineConfig, firefox, type LaunchOptions, type Project } from '@playwright/test'

process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], '--conditions=source']
  .filter(Boolean)
  .join(' ')

const firstThatExists = (paths: readonly string[]): string | undefined =>
  paths.find((path) => existsSync(path))

/** Playwright's own Chromium where it is there, else a system one; `CHROMIUM_PATH` wins. */
export function chromiumLaunch(): LaunchOptions {
  const args = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
  ]
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) return { args, executablePath: chosen }
  const own = chromium.executablePath()
  const folder = dirname(dirname(own))
  // A headless run uses the shell beside the browser that `executablePath` names.
  const shell = basename(folder).replace('chromium-', 'chromium_headless_shell-')
  if (existsSync(join(dirname(folder), shell))) return { args }
  if (existsSync(own)) return { args, executablePath: own }
  const system = firstThatExists([
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ])
  // Without any of them Playwright's own message says what to install.
  return system === undefined ? { args } : { args, executablePath: system }
}

/** Playwright's own Firefox, else a stock one over WebDriver BiDi; without one there is no Firefox project. */
function firefoxProject(): Project[] {
  const project = { name: 'firefox', grep: /@firefox/, timeout: 120_000 }
  if (existsSync(firefox.executablePath())) {
    return [{ ...project, use: { browserName: 'firefox' } }]
  }
  const system = firstThatExists([
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ])
  if (system === undefined) return []
  const launchOptions = { executablePath: system }
  return [{ ...project, use: { browserName: 'firefox', channel: 'moz-firefox', launchOptions } }]
}

/** The specs in which people edit; they run twice. */
const editing = [
  'block-handle',
  'features',
  'find',
  'fonts',
  'mentions',
  'paste',
  'selection-bar',
  'toggles',
  'tools',
  'typing',
  'undo',
]

const jsonFile = process.env['PW_JSON']

export default defineConfig<{ colleague: 'none' | 'silent' }>({
  testDir: 'browser',
  outputDir: '.results',
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  retries: 0,
  workers: 2,
  // For what hangs, as in `vitest.config.ts`: a busy machine takes ten times as long as a quiet one.
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: jsonFile ? [['list'], ['json', { outputFile: jsonFile }]] : [['list']],
  use: { trace: 'off', screenshot: 'only-on-failure', viewport: { width: 1280, height: 800 } },
  projects: [
    { name: 'chromium', use: { browserName: 'chromium', launchOptions: chromiumLaunch() } },
    // What is edited alone or by two is edited once more with a colleague who only looks.
    {
      name: 'silent',
      testMatch: editing.map((name) => `browser/${name}.spec.ts`),
      grepInvert: /test data/,
      use: {
        browserName: 'chromium',
        launchOptions: chromiumLaunch(),
        colleague: 'silent',
      },
    },
    ...firefoxProject(),
  ],
})
