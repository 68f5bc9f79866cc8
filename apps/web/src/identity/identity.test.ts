import type { Random } from '@quire/base'
import { expect, test } from 'vitest'
import { personColors } from './colors.ts'
import { initialsOf } from './initials.ts'
import { cleanName, nameCharsMax, parseProfile, randomProfile } from './profile.ts'
import { randomName } from './random-name.ts'

const always = (unit: number): Random => ({ unit: () => unit, bytes: (n) => new Uint8Array(n) })

/** Contrast of white on `color` by the WCAG formula. */
function contrastWithWhite(color: string): number {
  const channel = (from: number): number => {
    const value = Number.parseInt(color.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
  return 1.05 / (luminance + 0.05)
}

test('a random name is two words at both ends of the lists', () => {
  expect(randomName(always(0))).toBe('Amber Badger')
  expect(randomName(always(0.999999))).toBe('Wise Wren')
})

test('every colour carries white text legibly', () => {
  for (const { name, value } of personColors) {
    expect(contrastWithWhite(value), name).toBeGreaterThanOrEqual(4.5)
  }
})

test('initials are of the first and the last word, whole characters only', () => {
  expect(initialsOf('Quiet Otter')).toBe('QO')
  expect(initialsOf('  ada   king  lovelace ')).toBe('AL')
  expect(initialsOf('élodie')).toBe('É')
  expect(initialsOf('🦊 Fox')).toBe('🦊F')
  expect(initialsOf('   ')).toBe('?')
})

test('a name is trimmed, its spaces joined, its length bounded, and never empty', () => {
  expect(cleanName('  Ada \n Lovelace ')).toBe('Ada Lovelace')
  expect(cleanName('x'.repeat(200))).toHaveLength(nameCharsMax)
  expect(cleanName(' \t ')).toBeUndefined()
})

test('a stored profile that is not ours is refused, whatever it is', () => {
  const profile = randomProfile(always(0.5))
  expect(parseProfile(JSON.stringify(profile))).toEqual(profile)
  for (const text of [null, '', '{', '[]', 'null', '{"name":"A"}', '{"name":1,"color":2}']) {
    expect(parseProfile(text)).toBeUndefined()
  }
  expect(parseProfile('{"name":"A","color":"url(evil)"}')).toBeUndefined()
})
