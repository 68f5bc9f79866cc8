// @vitest-environment jsdom
/** The replay plays what `npm run repro` plays, in any direction. */
import { makeRound, playRound, type Round } from '@quire/binding/test/fuzz-round'
import { expect, test } from 'vitest'
import { Player, survey } from './player.ts'

const seed = 3
const make = (): Round => makeRound(seed, { looks: 'now and then' })
const seen = (player: Player) =>
  player.round.peers.map(({ content }) => content.toJSON() as unknown)

test('a survey does the steps that the test of the fuzz does', () => {
  const played = playRound(seed, { looks: 'now and then' })
  const { log, stepCount, failure } = survey(make)
  expect(log).toEqual(played.log)
  expect(stepCount).toBe(played.log.length)
  expect(failure).toBeNull()
})

test('going back shows what was seen there before', () => {
  const player = new Player(make)
  player.goTo(20)
  const before = seen(player)
  player.goTo(45)
  expect(seen(player)).not.toEqual(before)
  player.goTo(20)
  expect(player.position).toBe(20)
  expect(seen(player)).toEqual(before)
  player.close()
})

test('at a position its steps are done, and the next one is known', () => {
  const player = new Player(make)
  expect(player.position).toBe(0)
  const first = player.next
  player.step()
  expect(player.round.log[0]).toBe(first)
  expect(player.next).toBe(player.round.log[1])
  player.close()
})

test('what goes wrong is kept with its step, and ends the round', () => {
  const broken = (): Round => {
    const round = make()
    function* steps(): Generator<string, void> {
      yield 'one'
      yield 'two'
      throw new Error('lost')
    }
    return { ...round, steps: steps() }
  }
  const { stepCount, failure } = survey(broken)
  expect(stepCount).toBe(2)
  expect(failure).toEqual({ step: 2, words: 'Error: lost' })
})
