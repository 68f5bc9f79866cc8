/** Hostile messages that are no updates: their envelope, state vectors, presence. */
import { Bytes, hex, many, presence, presenceOf, step1, update } from './hostile-bytes.ts'
import type { HostileFrame } from './hostile-frame.ts'

const megabyte = 1024 * 1024

export const hostileMessages: readonly HostileFrame[] = [
  // The envelope.
  { name: 'nothing', messages: () => [new Uint8Array()], outcome: 'malformed', isBare: true },
  { name: 'an unknown type', messages: () => [hex('63 01')], outcome: 'malformed' },
  {
    name: 'a type without end',
    messages: () => [hex(`${many('80', 40)} 00`)],
    outcome: 'malformed',
  },
  { name: 'a sync message without a subtype', messages: () => [hex('00')], outcome: 'malformed' },
  { name: 'an unknown subtype', messages: () => [hex('00 7f 01 00')], outcome: 'malformed' },
  {
    name: 'a body that is longer than the frame',
    messages: () => [hex('00 02 ff ff 03 00')],
    outcome: 'malformed',
  },
  {
    name: 'a body that claims 2^53',
    messages: () => [hex('00 02 ff ff ff ff ff ff ff 0f 00')],
    outcome: 'malformed',
  },
  {
    name: 'bytes behind the message',
    messages: () => [hex('00 00 01 00 00')],
    outcome: 'malformed',
  },
  {
    name: 'two messages in a frame',
    messages: () => [hex('00 02 02 00 00 00 02 02 00 00')],
    outcome: 'malformed',
  },
  {
    name: 'a message of the server: session',
    messages: () => [hex('10 02 7b 7d')],
    outcome: 'malformed',
  },
  { name: 'a message of the server: saved', messages: () => [hex('11 01')], outcome: 'malformed' },
  {
    name: 'a message of the server: event',
    messages: () => [hex('12 02 7b 7d')],
    outcome: 'malformed',
  },
  {
    name: 'a frame over the limit',
    messages: () => [new Uint8Array(16 * megabyte + 1)],
    outcome: 1009,
    isBare: true,
  },
  {
    name: 'an update over the limit',
    messages: () => [update(new Uint8Array(16 * megabyte - 60))],
    outcome: 'tooLarge',
  },

  // State vectors.
  { name: 'a Step1 without a vector', messages: () => [hex('00 00')], outcome: 'malformed' },
  {
    name: 'a vector that claims 2^31 clients',
    messages: () => [step1(hex('ff ff ff ff 07 01 01'))],
    outcome: 'malformed',
  },
  {
    name: 'a vector with bytes behind it',
    messages: () => [step1(hex('01 05 01 00'))],
    outcome: 'malformed',
  },
  {
    name: 'a vector of a million clients',
    messages: () => [
      step1(
        Bytes.of((encoder) => {
          encoder.uint(1_000_000)
          for (let i = 0; i < 1_000_000; i++) {
            encoder.uint(i)
            encoder.uint(1)
          }
        }),
      ),
    ],
    outcome: 'tooLarge',
  },
  {
    name: 'a vector of the future',
    messages: () => [step1(hex('01 05 ff ff ff ff ff ff ff 0f'))],
    outcome: 'goesOn',
  },

  // Presence.
  {
    name: 'presence that claims 2^31 states',
    messages: () => [presence(hex('ff ff ff ff 07 05 01 02 7b 7d'))],
    outcome: 'malformed',
  },
  {
    name: 'presence cut in a state',
    messages: () => [presence(hex('01 05 01 09 7b 7d'))],
    outcome: 'malformed',
  },
  {
    name: 'presence of a client beyond 2^53',
    messages: () => [presence(hex('01 ff ff ff ff ff ff ff ff 7f 01 02 7b 7d'))],
    outcome: 'malformed',
  },
  { name: 'a state that is an array', messages: () => [presenceOf('[1]')], outcome: 'malformed' },
  { name: 'a state that is no JSON', messages: () => [presenceOf('{"a":}')], outcome: 'malformed' },
  {
    name: 'a state nested 5,000 deep',
    messages: () => [presenceOf(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)],
    outcome: 'malformed',
  },
  {
    name: 'a state over the limit',
    messages: () => [presenceOf(JSON.stringify({ a: 'x'.repeat(17_000) }))],
    outcome: 'tooLarge',
  },
  { name: '100,000 states', messages: () => [presenceOf('{}', 100_000)], outcome: 'tooLarge' },
  {
    name: 'three megabytes of states',
    messages: () => [presenceOf(JSON.stringify({ a: 'x'.repeat(15_000) }), 200)],
    outcome: 'tooLarge',
  },
  {
    name: 'a state with the names of prototypes',
    messages: () => [presenceOf('{"__proto__":{"a":1},"constructor":{"prototype":{}}}')],
    outcome: 'goesOn',
  },
  {
    name: 'a clock of 2^53 - 1',
    messages: () => [presence(hex('01 06 ff ff ff ff ff ff ff 0f 02 7b 7d'))],
    outcome: 'goesOn',
  },
]
