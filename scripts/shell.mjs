/** Running other programs, and saying what goes on. Node's own modules only. */
import { spawn, spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

const startedMs = performance.now()

/** A line with the seconds since the start. */
export function say(text) {
  console.log(`[${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s] ${text}`)
}

/** Ends the process with one message and exit code 1. */
export function fail(text) {
  console.error(`\n${text}\n`)
  process.exit(1)
}

/** Whether the program ran and ended with code 0. Its output goes to ours unless `options.stdio` says otherwise. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32' && program === 'npm',
    ...options,
    env: { ...process.env, ...options.env },
  })
  if (result.error) say(`${program}: ${result.error.message}`)
  return result.status === 0
}

/** Whether a script run by this same Node ended with code 0. */
export function node(args, options = {}) {
  return run(process.execPath, args, options)
}

/** As `node`, for scripts that run beside each other. */
export function nodeBeside(args, options = {}) {
  return new Promise((resolve) => {
    const env = { ...process.env, ...options.env }
    const child = spawn(process.execPath, args, { stdio: 'inherit', ...options, env })
    child.once('error', (error) => {
      say(`${args[0]}: ${error.message}`)
      resolve(false)
    })
    child.once('close', (code) => resolve(code === 0))
  })
}
