/**
 * Every setting of the server, once: flag, environment variable, type, default and a sentence.
 * Reads them, and is not the place that acts on them.
 *
 * 1. A flag wins over the environment, the environment over the default. An empty variable is unset.
 * 2. A bad value or an unknown flag is one line that names it; nothing is guessed.
 */
import { resolve } from 'node:path'

export interface Config {
  /** 0: any free port. */
  readonly port: number
  readonly host: string
  /** Absolute path of the data folder. */
  readonly data: string
}

export type ConfigResult =
  | { readonly kind: 'run'; readonly config: Config }
  | { readonly kind: 'help'; readonly text: string }
  /** `message` is one line without the name of the program. */
  | { readonly kind: 'bad'; readonly message: string }

interface Setting {
  readonly name: keyof Config
  readonly env: string
  /** What a value must be, to read after "must be". */
  readonly type: string
  readonly default: string
  readonly sentence: string
  readonly isValid: (text: string) => boolean
}

export const settings: readonly Setting[] = [
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
    isValid: (text) => text.trim() !== '' && !text.includes('\0'),
  },
]

/** The settings that `args` (without node and script) and `env` ask for. Never throws. */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  workingFolder: string,
): ConfigResult {
  const texts = new Map<string, string>()
  for (const setting of settings) {
    const text = env[setting.env]
    texts.set(setting.name, setting.default)
    if (text === undefined || text === '') continue
    if (!setting.isValid(text)) return bad(setting.env, setting, text)
    texts.set(setting.name, text)
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '--help' || arg === '-h') return { kind: 'help', text: helpText() }
    const equals = arg.indexOf('=')
    const flag = equals < 0 ? arg : arg.slice(0, equals)
    const setting = settings.find(({ name }) => flag === `--${name}`)
    if (setting === undefined) {
      return {
        kind: 'bad',
        message: `unknown argument ${quoted(arg)}; --help lists what there is`,
      }
    }
    const text = equals < 0 ? args[++i] : arg.slice(equals + 1)
    if (text === undefined || (equals < 0 && text.startsWith('--'))) {
      return { kind: 'bad', message: `${flag} needs a value: ${setting.type}` }
    }
    if (!setting.isValid(text)) return bad(flag, setting, text)
    texts.set(setting.name, text)
  }
  return {
    kind: 'run',
    config: {
      port: Number(texts.get('port')),
      host: texts.get('host') ?? '',
      data: resolve(workingFolder, texts.get('data') ?? ''),
    },
  }
}

function bad(source: string, setting: Setting, text: string): ConfigResult {
  return { kind: 'bad', message: `${source} must be ${setting.type}, not ${quoted(text)}` }
}

/** The text on one line, whatever is in it. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

export function helpText(): string {
  const lines = settings.map(
    ({ name, env, sentence, default: text }) =>
      `  --${name.padEnd(6)} ${env.padEnd(11)} ${sentence} Default: ${text}`,
  )
  return ['Usage: quire [--flag value …]', '', ...lines, '  --help               This text.'].join(
    '\n',
  )
}
