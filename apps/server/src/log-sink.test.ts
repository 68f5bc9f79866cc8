import { expect, test } from 'vitest'
import { formatEntry } from './log-sink.ts'

test('an entry is one line, whatever its fields hold', () => {
  expect(
    formatEntry({
      level: 'warn',
      channel: 'quire/saver',
      message: 'append failed',
      fields: { attempt: 2, reason: 'Error: disk\nfull', room: 'notes', late: undefined },
    }),
  ).toBe('warn quire/saver: append failed attempt=2 reason="Error: disk\\nfull" room=notes')
})
