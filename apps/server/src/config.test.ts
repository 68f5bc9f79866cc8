import { describe, expect, test } from 'vitest'
import { readConfig, settings } from './config.ts'

const closed = {
  database: undefined,
  origins: [],
  names: [],
  proxies: [],
  uploads: undefined,
  tokens: undefined,
}

const read = (args: string[], env: Record<string, string> = {}) =>
  readConfig(args, env, '/home/ann')

test('without flags and environment every setting has its default', () => {
  expect(read([])).toEqual({
    kind: 'run',
    config: { port: 1234, host: '127.0.0.1', data: '/home/ann/data', ...closed },
  })
})

test('a flag wins over the environment, in both spellings, and an empty variable is unset', () => {
  expect(read(['--port', '80', '--data=/var/quire'], { QUIRE_PORT: '81', QUIRE_HOST: '' })).toEqual(
    {
      kind: 'run',
      config: { port: 80, host: '127.0.0.1', data: '/var/quire', ...closed },
    },
  )
  expect(read([], { QUIRE_PORT: '81', QUIRE_HOST: '::1', QUIRE_DATA: 'here' })).toEqual({
    kind: 'run',
    config: { port: 81, host: '::1', data: '/home/ann/here', ...closed },
  })
})

const oneKey = 'set one of QUIRE_TOKEN_SECRET, QUIRE_TOKEN_KEY and QUIRE_TOKEN_JWKS'
test.each([
  [['--port', '70000'], {}, '--port must be a whole number from 0 to 65535, not "70000"'],
  [['--port=1e3'], {}, '--port must be a whole number from 0 to 65535, not "1e3"'],
  [['--port='], {}, '--port must be a whole number from 0 to 65535, not ""'],
  [['--port'], {}, '--port needs a value: a whole number from 0 to 65535'],
  [['--data', '--port'], {}, '--data needs a value: a path'],
  [['--host', 'a b'], {}, '--host must be a host name or an IP address, not "a b"'],
  [[], { QUIRE_PORT: 'x' }, 'QUIRE_PORT must be a whole number from 0 to 65535, not "x"'],
  [
    [],
    { QUIRE_ORIGINS: 'app.example' },
    'QUIRE_ORIGINS must be origins with commas between, not "app.example"',
  ],
  [
    ['--origins', 'https://a.example,'],
    {},
    '--origins must be origins with commas between, not "https://a.example,"',
  ],
  [
    [],
    { QUIRE_NAMES: 'https://a' },
    'QUIRE_NAMES must be host names with commas between, not "https://a"',
  ],
  [
    ['--proxies', '10.0.0.0/99'],
    {},
    '--proxies must be addresses or networks with commas between, not "10.0.0.0/99"',
  ],
  [
    [],
    { QUIRE_DATABASE: 'mysql://ann:secret@host/x' },
    'QUIRE_DATABASE must be a URL that begins with postgres://, and is not',
  ],
  [
    [],
    { QUIRE_DATABASE: '' },
    'QUIRE_DATABASE must be a URL that begins with postgres://, and is not',
  ],
  [
    ['--database', 'postgres://ann:secret@host/x'],
    {},
    'unknown argument "--database"; --help lists what there is',
  ],
  // An empty lock would leave the door open, and a secret is in no message.
  [
    [],
    { QUIRE_TOKEN_SECRET: '' },
    'QUIRE_TOKEN_SECRET must be a text of at least 32 bytes, and is not',
  ],
  [
    [],
    { QUIRE_TOKEN_SECRET: 'too short' },
    'QUIRE_TOKEN_SECRET must be a text of at least 32 bytes, and is not',
  ],
  [[], { QUIRE_TOKEN_JWKS: '' }, 'QUIRE_TOKEN_JWKS must be a path or an https: address, not ""'],
  [['--token-secret=abc'], {}, 'unknown argument "--token-secret"; --help lists what there is'],
  [[], { QUIRE_TOKEN_SECRET: 'x'.repeat(32), QUIRE_TOKEN_KEY: 'k' }, `${oneKey}, not 2 of them`],
  [
    ['--token-issuer', 'me'],
    {},
    `${oneKey}: without a key the server is open, whatever issuer or audience is set`,
  ],
  [['--prot', '1'], {}, 'unknown argument "--prot"; --help lists what there is'],
  [['x\ny'], {}, 'unknown argument "x\\ny"; --help lists what there is'],
])('%j with %j is refused in one line', (args, env, message) => {
  expect(read(args, env)).toEqual({ kind: 'bad', message })
})

test('lists are split, and keys are found by what they look like', () => {
  const secret = 'x'.repeat(32)
  const tokens = (args: string[], env: Record<string, string> = {}) => {
    const result = read(args, env)
    return result.kind === 'run' ? result.config.tokens : result
  }
  const rest = { issuer: undefined, audience: undefined }
  expect(
    read(['--origins=https://a.example,http://b.example:81', '--proxies', 'loopback,10.0.0.0/8'], {
      QUIRE_NAMES: 'a.example,b.example',
    }),
  ).toMatchObject({
    config: {
      origins: ['https://a.example', 'http://b.example:81'],
      names: ['a.example', 'b.example'],
      proxies: ['loopback', '10.0.0.0/8'],
    },
  })
  expect(tokens([], { QUIRE_TOKEN_SECRET: secret, QUIRE_TOKEN_AUDIENCE: 'q' })).toEqual({
    key: { kind: 'secret', secret },
    issuer: undefined,
    audience: 'q',
  })
  expect(tokens(['--token-key', 'keys/a.pem', '--token-issuer', 'me'])).toEqual({
    key: { kind: 'keyFile', path: '/home/ann/keys/a.pem' },
    issuer: 'me',
    audience: undefined,
  })
  expect(tokens(['--token-jwks', 'https://a.example/keys'])).toEqual({
    key: { kind: 'keySetUrl', url: 'https://a.example/keys' },
    ...rest,
  })
  expect(tokens(['--token-jwks', '/etc/keys.json'])).toEqual({
    key: { kind: 'keySetFile', path: '/etc/keys.json' },
    ...rest,
  })
})

test('help names every flag, variable and default', () => {
  const help = read(['--help'])
  if (help.kind !== 'help') throw new Error(help.kind)
  for (const setting of settings) {
    expect(help.text.includes(`--${setting.name}`), setting.name).toBe(!setting.isSecret)
    expect(help.text).toContain(setting.env)
    expect(help.text).toContain(setting.default)
  }
})

describe('uploads in a bucket', () => {
  const bucket = {
    QUIRE_S3_ENDPOINT: 'https://s3.example',
    QUIRE_S3_BUCKET: 'team-files',
    QUIRE_S3_KEY_ID: 'id',
    QUIRE_S3_SECRET: 'top secret',
  }

  test('are where the settings say', () => {
    expect(readConfig([], bucket, '/work')).toMatchObject({
      kind: 'run',
      config: {
        uploads: {
          endpoint: 'https://s3.example',
          bucket: 'team-files',
          region: 'us-east-1',
          accessKeyId: 'id',
          secretAccessKey: 'top secret',
        },
      },
    })
  })

  test('need all of the settings, and a sentence names what is missing and no secret', () => {
    const { QUIRE_S3_BUCKET, ...rest } = bucket
    expect(readConfig([], rest, '/work')).toEqual({
      kind: 'bad',
      message: 'for uploads in a bucket set QUIRE_S3_BUCKET, too',
    })
    expect(readConfig([], { ...rest, QUIRE_S3_BUCKET: 'A B' }, '/work')).toMatchObject({
      kind: 'bad',
      message: expect.stringContaining('QUIRE_S3_BUCKET must be the name of a bucket'),
    })
    expect(QUIRE_S3_BUCKET).toBe('team-files')
  })
})
