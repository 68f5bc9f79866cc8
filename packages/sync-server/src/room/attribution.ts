/**
 * Attribution: who is written down for an update. The author is the user of the session that brought
 * it, whoever wrote it: a client brings what others wrote as well, for example what a tab beside it did
 * while both were offline. Whose client id is whose is therefore noted too, for the user who was first
 * to bring something of it; it outlives the rows when these are compacted.
 */
import { isAuthor } from '@quire/persistence'
import type { Limits, ScannedUpdate } from '@quire/protocol'
import type { User } from '../access/access.ts'
import type { Attribution } from '../log/log-batch.ts'

/** Undefined when nobody is known. `clocks` is what was known before the update. */
export function attributionOf(
  { id }: User,
  { inserts }: ScannedUpdate,
  clocks: ReadonlyMap<number, number>,
  { authoredClientsMax }: Pick<Limits, 'authoredClientsMax'>,
): Attribution | undefined {
  if (id === '' || !isAuthor(id)) return undefined
  let newClients: number[] | undefined
  const room = authoredClientsMax - clocks.size
  for (const { client } of inserts) {
    if (clocks.has(client) || newClients?.at(-1) === client) continue
    newClients ??= []
    if (newClients.length >= room) break
    newClients.push(client)
  }
  return { author: id, newClients: newClients ?? none }
}

const none: readonly number[] = []
