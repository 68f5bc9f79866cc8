/** What a command of the command line is, and the ways it ends. */
import type { Environment } from './open-store.ts'

export interface Command {
  /** Its arguments, as the help shows them. */
  readonly usage: string
  readonly sentence: string
  /** Throws {@link UsageError} for bad arguments and `StartError` for what the operator can mend. */
  readonly run: (args: readonly string[], out: Out, env: Environment) => Promise<void>
}

export interface Out {
  /** One line for people or scripts, on stdout. */
  readonly say: (line: string) => void
  /** The command has found something wrong; the exit code will be 1. */
  readonly problem: (line: string) => void
}

/** The command was called in a way that makes no sense: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
