/** The load generator as a process: calls come from its parent by message, answers go back. */
import type { Answer, Call, Commands } from './commands.ts'
import { Load } from './load.ts'

const load: Commands = new Load()

process.on('message', ({ id, name, argument }: Call) => {
  const answer = (result: Answer): void => void process.send?.(result)
  const method = load[name] as (argument: unknown) => Promise<unknown>
  method.call(load, argument).then(
    (value) => answer({ id, kind: 'done', value }),
    (error: unknown) =>
      answer({
        id,
        kind: 'failed',
        why: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  )
})
process.on('disconnect', () => process.exit(0))
