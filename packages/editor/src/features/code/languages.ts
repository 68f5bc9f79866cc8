/** The languages a code block can name. The name is what is stored. */

export interface Language {
  readonly name: string
  /** As stored in the document; null is plain text. */
  readonly language: string | null
}

export const languages: readonly Language[] = [
  { name: 'Plain text', language: null },
  { name: 'Bash', language: 'bash' },
  { name: 'C', language: 'c' },
  { name: 'C++', language: 'cpp' },
  { name: 'C#', language: 'csharp' },
  { name: 'CSS', language: 'css' },
  { name: 'Diff', language: 'diff' },
  { name: 'Go', language: 'go' },
  { name: 'HTML', language: 'html' },
  { name: 'Java', language: 'java' },
  { name: 'JavaScript', language: 'javascript' },
  { name: 'JSON', language: 'json' },
  { name: 'Kotlin', language: 'kotlin' },
  { name: 'Markdown', language: 'markdown' },
  { name: 'PHP', language: 'php' },
  { name: 'Python', language: 'python' },
  { name: 'Ruby', language: 'ruby' },
  { name: 'Rust', language: 'rust' },
  { name: 'SQL', language: 'sql' },
  { name: 'Swift', language: 'swift' },
  { name: 'TypeScript', language: 'typescript' },
  { name: 'YAML', language: 'yaml' },
]

/** Short names that other programs write. */
const shortNames: Readonly<Record<string, string>> = {
  js: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  tsx: 'typescript',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  yml: 'yaml',
  md: 'markdown',
  'c++': 'cpp',
  cs: 'csharp',
  kt: 'kotlin',
}

/** The name people know; an unknown language shows as it is stored. */
export function languageName(language: string | null): string {
  const whole = shortNames[language ?? ''] ?? language
  return languages.find((one) => one.language === whole)?.name ?? language ?? 'Plain text'
}

/** The language that somebody means who writes `js` or `python` behind a Markdown fence; undefined when it is none. */
export function languageOf(word: string): string | undefined {
  const whole = Object.hasOwn(shortNames, word) ? shortNames[word] : word
  return (
    languages.find((one) => one.language !== null && one.language === whole)?.language ?? undefined
  )
}
