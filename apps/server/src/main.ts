/**
 * The command line: runs a command (`commands/`), or reads the settings, starts the server, says where it is, and ends it in order.
 *
 * Exit codes: 0 ended in order, everything stored · 1 could not start, or something is unsaved, or a
 * second signal cut the end short · 2 a bad setting. Killed (137) when after a second signal the disk
 * does not answer at all: a thread that waits for it can be ended in no other way.
 */
import { createLog, reasonOf } from '@quire/base'
import { isCommand, runCommand } from './commands/commands.ts'
import { readConfig } from './config.ts'
import { stderrSink } from './log-sink.ts'
import { startServer } from './start.ts'
import { StartError } from './start-error.ts'
import { tokenOptions } from './token-settings.ts'

/** One Ctrl-C can arrive twice: from the terminal, and passed on by a wrapper such as npm. Nobody presses it twice this fast. */
const sameSignalMs = 300

// Whoever read our output may be gone; the server stays.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

async function main(): Promise<void> {
  const [name, ...rest] = process.argv.slice(2)
  if (isCommand(name)) {
    process.exitCode = await runCommand(
      name,
      rest,
      { say, problem: complain },
      complain,
      process.env,
    )
    return
  }
  const read = readConfig(process.argv.slice(2), process.env, process.cwd())
  if (read.kind === 'help') return say(read.text)
  if (read.kind === 'bad') return fail(2, read.message)

  const { config } = read
  const log = createLog(stderrSink)
  const server = await startServer({
    ...config,
    tokens: config.tokens && (await tokenOptions(config.tokens)),
    log,
  })
  let stoppingSinceMs: number | undefined
  let isCutShort = false
  const stop = (signal: NodeJS.Signals): void => {
    if (stoppingSinceMs !== undefined) {
      if (isCutShort || performance.now() - stoppingSinceMs <= sameSignalMs) return
      // A second signal means now. What is not stored yet is still on the clients.
      isCutShort = true
      void server.abandon().then((isEnded) => {
        if (isEnded) process.exit(1)
        else process.kill(process.pid, 'SIGKILL')
      })
      return
    }
    stoppingSinceMs = performance.now()
    say(`${signal}: saving and closing; once more to stop at once`)
    server.close().then(
      ({ unsaved, disorder }) => {
        if (isCutShort) return
        if (unsaved > 0) {
          complain(
            `stopped, but ${unsaved} edits could not be stored; their authors still have them`,
          )
        }
        if (disorder !== undefined) complain(`stopped, but not in order: ${reasonOf(disorder)}`)
        const isInOrder = unsaved === 0 && disorder === undefined
        if (isInOrder) say('Stopped. Everything is stored.')
        process.exit(isInOrder ? 0 : 1)
      },
      (error: unknown) => {
        if (isCutShort) return
        complain(`stopped, but not in order: ${reasonOf(error)}`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGHUP', stop)
  // Last: who reads this may send a signal at once.
  say(`Quire is at ${server.url}`)
  if (config.database === undefined) {
    say(`Documents are kept in ${config.data}${server.isNew ? ' (a new folder)' : ''}`)
  } else {
    say(`Documents are kept in the database of QUIRE_DATABASE, uploads in ${config.data}`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(line: string): void {
  process.stderr.write(`quire: ${line}\n`)
}

function fail(code: number, message: string): void {
  complain(message)
  process.exitCode = code
}

main().catch((error: unknown) => {
  // A StartError is a sentence for the operator; anything else is a fault of ours and keeps its stack.
  if (error instanceof StartError) fail(1, error.message)
  else fail(1, error instanceof Error ? (error.stack ?? error.message) : String(error))
})
