/** The commands beside the server itself, by name, and how one is run. */
import { StartError } from '../start-error.ts'
import { backup } from './backup.ts'
import { collect } from './collect.ts'
import { type Command, type Out, UsageError } from './command.ts'
import { importing } from './import.ts'
import type { Environment } from './open-store.ts'
import { purge } from './purge.ts'
import { repair } from './repair.ts'
import { restore } from './restore.ts'
import { verify } from './verify.ts'

const commands: ReadonlyMap<string, Command> = new Map([
  ['backup', backup],
  ['restore', restore],
  ['verify', verify],
  ['repair', repair],
  ['purge', purge],
  ['collect', collect],
  ['import', importing],
])

export function isCommand(name: string | undefined): name is string {
  return name !== undefined && commands.has(name)
}

/** Exit code: 0 done · 1 something is wrong, and was said · 2 called in a way that makes no sense. */
export async function runCommand(
  name: string,
  args: readonly string[],
  out: Out,
  complain: (line: string) => void,
  env: Environment,
): Promise<0 | 1 | 2> {
  const command = commands.get(name)
  if (!command) throw new Error(`there is no command ${name}`)
  if (args.includes('--help') || args.includes('-h')) {
    out.say(`Usage: quire ${name} ${command.usage}\n\n${command.sentence}`)
    return 0
  }
  let hasProblem = false
  try {
    const problem = (line: string): void => {
      hasProblem = true
      complain(line)
    }
    await command.run(args, { ...out, problem }, env)
    return hasProblem ? 1 : 0
  } catch (error) {
    if (error instanceof UsageError) {
      complain(`${error.message}; quire ${name} ${command.usage}`)
      return 2
    }
    if (!(error instanceof StartError)) throw error
    complain(error.message)
    return 1
  }
}

export function commandsText(): string {
  const lines = [...commands].map(([name, { sentence }]) => `  ${name.padEnd(9)} ${sentence}`)
  return [
    'Commands (each with --help; they work on --data, else on the database of QUIRE_DATABASE):',
    ...lines,
  ].join('\n')
}
