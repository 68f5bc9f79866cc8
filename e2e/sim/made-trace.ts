/**
 * A concurrent trace made from a seed, in the form of the recorded ones: a few people who type, delete,
 * and now and then read what somebody else has.
 */
import { must } from '@quire/base'
import type { SeededRandom } from '@quire/testkit'
import * as Y from 'yjs'
import { agentDoc, applyPatches, textOf } from './history-runs.ts'
import type { ConcurrentTrace, ConcurrentTxn, Patch } from './trace-data.ts'

export function makeConcurrentTrace(
  random: SeededRandom,
  options: { readonly agentCount: number; readonly txnCount: number },
): ConcurrentTrace {
  const people = Array.from({ length: options.agentCount }, (_, agent) => ({
    doc: agentDoc(agent),
    /** Newest transactions this person has read or written. */
    frontier: new Set<number>(),
  }))
  const txns: ConcurrentTxn[] = []
  let agent = 0
  while (txns.length < options.txnCount) {
    if (random.chance(0.2)) agent = random.below(options.agentCount)
    const person = must(people[agent], 'a person per agent')
    if (random.chance(0.15)) {
      const other = random.pick(people)
      Y.applyUpdate(person.doc, Y.encodeStateAsUpdate(other.doc))
      for (const index of other.frontier) person.frontier.add(index)
    }
    const patch = makePatch(random, textOf(person.doc).length)
    applyPatches(person.doc, [patch])
    txns.push({ agent, parents: [...person.frontier].sort((a, b) => a - b), patches: [patch] })
    person.frontier = new Set([txns.length - 1])
  }
  return { agentCount: options.agentCount, txns }
}

function makePatch(random: SeededRandom, length: number): Patch {
  const position = random.below(length + 1)
  const deleteCount = random.chance(0.3) ? random.below(Math.min(4, length - position) + 1) : 0
  if (deleteCount > 0 && random.chance(0.5)) return [position, deleteCount, '']
  let insert = ''
  for (let i = random.below(5); i >= 0; i--) insert += 'abcdefghijk lmnop'.charAt(random.below(17))
  return [position, deleteCount, insert]
}
