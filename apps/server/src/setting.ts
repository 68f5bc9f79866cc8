/** What a setting is. `config.ts` has all of them. */

export interface Setting<Name extends string = string> {
  readonly name: Name
  readonly env: string
  /** What a value must be, to read after "must be". */
  readonly type: string
  readonly default: string
  readonly sentence: string
  readonly isValid: (text: string) => boolean
  /** Closes the server, or says where its documents are: may not be empty. */
  readonly isLock?: true
  /** Has no flag, and is in no message. */
  readonly isSecret?: true
}

export const isText = (text: string): boolean => text.trim() !== '' && !text.includes('\0')
