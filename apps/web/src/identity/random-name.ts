/** A friendly name for somebody who has not said theirs yet: an adjective and an animal. */
import type { Random } from '@quire/base'

const adjectives = [
  'Amber',
  'Brave',
  'Bright',
  'Calm',
  'Clever',
  'Curious',
  'Eager',
  'Gentle',
  'Golden',
  'Happy',
  'Honest',
  'Kind',
  'Lively',
  'Lucky',
  'Merry',
  'Nimble',
  'Patient',
  'Quick',
  'Quiet',
  'Silver',
  'Steady',
  'Sunny',
  'Thoughtful',
  'Wise',
] as const

const animals = [
  'Badger',
  'Beaver',
  'Crane',
  'Dolphin',
  'Falcon',
  'Finch',
  'Fox',
  'Hare',
  'Hedgehog',
  'Heron',
  'Lark',
  'Lynx',
  'Marten',
  'Moth',
  'Otter',
  'Owl',
  'Panda',
  'Puffin',
  'Raven',
  'Robin',
  'Seal',
  'Sparrow',
  'Squirrel',
  'Swift',
  'Tortoise',
  'Wren',
] as const

/** One of `list`, evenly. */
export function pick<T>(random: Random, list: readonly [T, ...T[]] | readonly T[]): T {
  const picked = list[Math.floor(random.unit() * list.length)]
  return picked as T
}

/** Such as "Quiet Otter". Never empty; two people may get the same one. */
export function randomName(random: Random): string {
  return `${pick(random, adjectives)} ${pick(random, animals)}`
}
