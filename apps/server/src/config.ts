/**
 * Every setting of the server, once: flag, environment variable, type, default and a sentence.
 * Reads them, and is not the place that acts on them.
 *
 * 1. A flag wins over the environment, the environment over the default. An empty variable is unset.
 * 2. A bad value or an unknown flag is one line that names it; nothing is guessed.
 * 3. A secret has no flag, for others see the arguments of a process, and is in no message. A variable
 *    that closes the server is never unset by being empty: it would be open then. Nor is the one that
 *    says where the documents are: they would seem to be gone.
 */
import { resolve } from 'node:path'
import type { S3BlobsOptions } from '@quire/persistence'
import { checkOrigins, createProxies } from '@quire/sync-server'
import { commandsText } from './commands/commands.ts'
import { s3Options, type S3SettingName, s3Settings } from './s3-settings.ts'
import { isText, type Setting } from './setting.ts'
import { type TokenSettingName, type TokenSettings, tokenSettings } from './token-settings.ts'

export interface Config {
  /** 0: any free port. */
  readonly port: number
  readonly host: string
  /** Absolute path of the data folder. */
  readonly data: string
  /** URL of the PostgreSQL database that holds the documents; undefined: they are in the data folder. */
  readonly database: string | undefined
  /** Origins of other pages that may use the server. */
  readonly origins: readonly string[]
  /** Names by which the server may be asked, beside its address. */
  readonly names: readonly string[]
  /** Addresses and networks of the proxies in front. */
  readonly proxies: readonly string[]
  /** Bucket for uploads; undefined: they are in the data folder. */
  readonly uploads: S3BlobsOptions | undefined
  /** Undefined: everybody who reaches the server may do everything. */
  readonly tokens: TokenSettings | undefined
}

export type ConfigResult =
  | { readonly kind: 'run'; readonly config: Config }
  | { readonly kind: 'help'; readonly text: string }
  /** `message` is one line without the name of the program. */
  | { readonly kind: 'bad'; readonly message: string }

type SettingName = Exclude<keyof Config, 'tokens' | 'uploads'> | TokenSettingName | S3SettingName

/** Whether every part between commas is what `check` takes; none is fine. */
const isListOf =
  (check: (parts: readonly string[]) => unknown) =>
  (text: string): boolean => {
    try {
      check(parts(text))
      return true
    } catch (error) {
      if (error instanceof TypeError) return false
      throw error
    }
  }
const parts = (text: string): string[] => (text === '' ? [] : text.split(','))

export const settings: readonly Setting<SettingName>[] = [
  {
    name: 'port',
    env: 'QUIRE_PORT',
    type: 'a whole number from 0 to 65535',
    default: '1234',
    sentence: 'Port to listen on, for pages, API and sockets alike; 0 takes any free port.',
    isValid: (text) => /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535,
  },
  {
    name: 'host',
    env: 'QUIRE_HOST',
    type: 'a host name or an IP address',
    default: '127.0.0.1',
    sentence:
      'Address to listen on. The default is reachable from this machine only; 0.0.0.0 from everywhere.',
    isValid: (text) => /^[A-Za-z0-9._:%-]{1,255}$/.test(text),
  },
  {
    name: 'data',
    env: 'QUIRE_DATA',
    type: 'a path',
    default: './data',
    sentence:
      'Folder for documents and uploads; made if missing, relative to the working directory.',
    isValid: isText,
  },
  {
    name: 'database',
    env: 'QUIRE_DATABASE',
    type: 'a URL that begins with postgres://',
    default: '',
    sentence:
      'PostgreSQL database for the documents, instead of the folder: postgres://user:password@host/name.',
    isValid: (text) => /^postgres(ql)?:\/\/\S+$/.test(text) && URL.canParse(text),
    isLock: true,
    isSecret: true,
  },
  {
    name: 'names',
    env: 'QUIRE_NAMES',
    type: 'host names with commas between',
    default: '',
    sentence:
      'Names by which the server may be asked. Needed behind a proxy on this machine: quire.example.',
    isValid: (text) => text === '' || /^[A-Za-z0-9.-]+(,[A-Za-z0-9.-]+)*$/.test(text),
  },
  {
    name: 'origins',
    env: 'QUIRE_ORIGINS',
    type: 'origins with commas between',
    default: '',
    sentence: 'Other sites whose pages may use the server: https://app.example.',
    isValid: isListOf(checkOrigins),
  },
  {
    name: 'proxies',
    env: 'QUIRE_PROXIES',
    type: 'addresses or networks with commas between',
    default: '',
    sentence: 'Proxies in front, whose X-Forwarded headers are believed: loopback,10.0.0.0/8.',
    isValid: isListOf(createProxies),
  },
  {
    name: 'token-secret',
    env: 'QUIRE_TOKEN_SECRET',
    type: 'a text of at least 32 bytes',
    default: '',
    sentence: 'Secret of signed tokens (HS256). With it only people with a token get in.',
    isValid: (text) => Buffer.byteLength(text) >= 32,
    isLock: true,
    isSecret: true,
  },
  {
    name: 'token-key',
    env: 'QUIRE_TOKEN_KEY',
    type: 'a path',
    default: '',
    sentence: 'File with a public key (PEM) of signed tokens (RS256, ES256), instead of a secret.',
    isValid: isText,
    isLock: true,
  },
  {
    name: 'token-jwks',
    env: 'QUIRE_TOKEN_JWKS',
    type: 'a path or an https: address',
    default: '',
    sentence: 'Public keys as a JSON Web Key Set, in a file or at an address, instead of a secret.',
    isValid: isText,
    isLock: true,
  },
  {
    name: 'token-issuer',
    env: 'QUIRE_TOKEN_ISSUER',
    type: 'a text',
    default: '',
    sentence: 'What tokens have to say in "iss".',
    isValid: isText,
    isLock: true,
  },
  {
    name: 'token-audience',
    env: 'QUIRE_TOKEN_AUDIENCE',
    type: 'a text',
    default: '',
    sentence: 'What tokens have to say in "aud".',
    isValid: isText,
    isLock: true,
  },
  ...s3Settings,
]

/** The settings that `args` (without node and script) and `env` ask for. Never throws. */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  workingFolder: string,
): ConfigResult {
  const texts = new Map<SettingName, string>()
  for (const setting of settings) {
    const text = env[setting.env]
    texts.set(setting.name, setting.default)
    if (text === undefined || (text === '' && !setting.isLock)) continue
    if (!setting.isValid(text)) return bad(setting.env, setting, text)
    texts.set(setting.name, text)
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '--help' || arg === '-h') return { kind: 'help', text: helpText() }
    const equals = arg.indexOf('=')
    const flag = equals < 0 ? arg : arg.slice(0, equals)
    const setting = settings.find(({ name, isSecret }) => flag === `--${name}` && !isSecret)
    if (setting === undefined) {
      return {
        kind: 'bad',
        // Without its value, which may be a secret.
        message: `unknown argument ${quoted(flag)}; --help lists what there is`,
      }
    }
    const text = equals < 0 ? args[++i] : arg.slice(equals + 1)
    if (text === undefined || (equals < 0 && text.startsWith('--'))) {
      return { kind: 'bad', message: `${flag} needs a value: ${setting.type}` }
    }
    if (!setting.isValid(text)) return bad(flag, setting, text)
    texts.set(setting.name, text)
  }
  const text = (name: SettingName): string => texts.get(name) ?? ''
  const tokens = tokenSettings(text, workingFolder)
  if (typeof tokens === 'string') return { kind: 'bad', message: tokens }
  const uploads = s3Options(text)
  if (typeof uploads === 'string') return { kind: 'bad', message: uploads }
  return {
    kind: 'run',
    config: {
      port: Number(text('port')),
      host: text('host'),
      data: resolve(workingFolder, text('data')),
      database: text('database') || undefined,
      origins: parts(text('origins')),
      names: parts(text('names')),
      proxies: parts(text('proxies')),
      uploads,
      tokens,
    },
  }
}

function bad(source: string, setting: Setting<SettingName>, text: string): ConfigResult {
  const said = setting.isSecret ? 'and is not' : `not ${quoted(text)}`
  return { kind: 'bad', message: `${source} must be ${setting.type}, ${said}` }
}

/** The text on one line, whatever is in it. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

function helpText(): string {
  const lines = settings.map(({ name, env, sentence, default: text, isSecret }) => {
    const flag = isSecret ? '' : `--${name}`
    const ending = text === '' ? '' : ` Default: ${text}`
    return `  ${flag.padEnd(16)} ${env.padEnd(20)} ${sentence}${ending}`
  })
  return [
    'Usage: quire [--flag value …]',
    '',
    ...lines,
    `  ${'--help'.padEnd(37)} This text.`,
    '',
    commandsText(),
  ].join('\n')
}
