import { expect, test } from 'vitest'
import { readConfig, settings } from './config.ts'

const read = (args: string[], env: Record<string, string> = {}) =>
  readConfig(args, env, '/home/ann')

test('without flags and environment every setting has its default', () => {
  expect(read([])).toEqual({
    kind: 'run',
    config: { port: 1234, host: '127.0.0.1', data: '/home/ann/data' },
  })
})

test('a flag wins over the environment, in both spellings, and an empty variable is unset', () => {
  expect(read(['--port', '80', '--data=/var/quire'], { QUIRE_PORT: '81', QUIRE_HOST: '' })).toEqual(
    {
      kind: 'run',
      config: { port: 80, host: '127.0.0.1', data: '/var/quire' },
    },
  )
  expect(read([], { QUIRE_PORT: '81', QUIRE_HOST: '::1', QUIRE_DATA: 'here' })).toEqual({
    kind: 'run',
    config: { port: 81, host: '::1', data: '/home/ann/here' },
  })
})

test.each([
  [['--port', '70000'], {}, '--port must be a whole number from 0 to 65535, not "70000"'],
  [['--port=1e3'], {}, '--port must be a whole number from 0 to 65535, not "1e3"'],
  [['--port='], {}, '--port must be a whole number from 0 to 65535, not ""'],
  [['--port'], {}, '--port needs a value: a whole number from 0 to 65535'],
  [['--data', '--port'], {}, '--data needs a value: a path'],
  [['--host', 'a b'], {}, '--host must be a host name or an IP address, not "a b"'],
  [[], { QUIRE_PORT: 'x' }, 'QUIRE_PORT must be a whole number from 0 to 65535, not "x"'],
  [['--prot', '1'], {}, 'unknown argument "--prot"; --help lists what there is'],
  [['x\ny'], {}, 'unknown argument "x\\ny"; --help lists what there is'],
])('%j with %j is refused in one line', (args, env, message) => {
  expect(read(args, env)).toEqual({ kind: 'bad', message })
})

test('help names every flag, variable and default', () => {
  const help = read(['--help'])
  if (help.kind !== 'help') throw new Error(help.kind)
  for (const setting of settings) {
    expect(help.text).toContain(`--${setting.name}`)
    expect(help.text).toContain(setting.env)
    expect(help.text).toContain(setting.default)
  }
})
