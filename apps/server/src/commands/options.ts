/** The flags of one command, read with Node's own parser. Every flag takes a value, but for those in `switches`. */
import { parseArgs } from 'node:util'
import { UsageError } from './command.ts'

export interface Options {
  /** The value of a flag that must be there. Throws {@link UsageError}. */
  readonly needed: (name: string) => string
  readonly text: (name: string) => string | undefined
  readonly all: (name: string) => readonly string[]
  readonly isOn: (name: string) => boolean
}

export function readOptions(
  args: readonly string[],
  names: readonly string[],
  switches: readonly string[] = [],
): Options {
  const options: Record<string, { type: 'string' | 'boolean'; multiple: true }> = {}
  for (const name of names) options[name] = { type: 'string', multiple: true }
  for (const name of switches) options[name] = { type: 'boolean', multiple: true }
  let values: Record<string, unknown>
  try {
    values = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    // Node's sentence names the flag; the rest is advice about its parser.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw new UsageError(sentence)
  }
  const all = (name: string): readonly string[] => (values[name] as string[] | undefined) ?? []
  return {
    all,
    text: (name) => all(name).at(-1),
    isOn: (name) => values[name] !== undefined,
    needed(name) {
      const text = all(name).at(-1)
      if (text === undefined || text === '') throw new UsageError(`--${name} is missing`)
      return text
    },
  }
}
