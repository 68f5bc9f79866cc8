/**
 * Token claims: what a signed token of a host application says about access, read without trust in
 * its form. That the token is signed and has not ended is `access-tokens.ts`'s part.
 *
 * ```
 * { "sub": "u-17",                                     who: the same in every token of this person
 *   "name": "Ada", "color": "#2f7bd9",                 shown to others; both may be missing
 *   "documents": { "minutes": "edit", "plan": "view" } what: document → view, comment, edit or own
 *   "exp": 1767225600 }                                until when, in seconds since 1970
 * ```
 *
 * `"*"` among the documents stands for every document that is not named. A document that is named by
 * nothing is forbidden.
 *
 * 1. A claim that is not understood as a whole makes the token worthless: nothing is guessed.
 */
import { type DocumentName, parseDocumentName, type Role } from '@quire/protocol'
import { isRole, type User, userCharsMax } from './access.ts'

/** What the bearer of a token may do. */
export interface TokenRights {
  readonly user: User
  /** Those that the token names. */
  readonly documents: ReadonlyMap<DocumentName, Role>
  /** The role in every other document. */
  readonly elsewhere: Role | undefined
}

/** Long enough for a name with titles; it is shown beside a caret. In UTF-16 units, below `userCharsMax`. */
const nameCharsMax = 100
const everyDocument = '*'

/** The rights, or a sentence for the log about what is wrong; it says nothing that the token says. */
export function readClaims(claims: Readonly<Record<string, unknown>>): TokenRights | string {
  const { sub, name = '', color, documents } = claims
  const isId = typeof sub === 'string' && sub !== '' && !/[\0\p{Surrogate}]/u.test(sub)
  if (!isId || sub.length > userCharsMax) {
    return `sub is not a text of 1 to ${userCharsMax} characters`
  }
  if (typeof name !== 'string') return 'name is not a text'
  const isColor = typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color)
  if (color !== undefined && !isColor) return 'color is not #rrggbb'
  if (typeof documents !== 'object' || documents === null || Array.isArray(documents)) {
    return 'documents is not an object from names to roles'
  }
  const named = new Map<DocumentName, Role>()
  let elsewhere: Role | undefined
  for (const [text, role] of Object.entries(documents)) {
    const document = parseDocumentName(text)
    if (!isRole(role)) return 'documents has a role that there is not'
    if (text === everyDocument) elsewhere = role
    else if (document) named.set(document, role)
    else return 'documents has a name that is not one'
  }
  const user: User = { id: sub, name: shownName(name), ...(isColor ? { color } : {}) }
  return { user, documents: named, elsewhere }
}

export function roleIn(
  { documents, elsewhere }: TokenRights,
  document: DocumentName,
): Role | undefined {
  return documents.get(document) ?? elsewhere
}

/** On one line, and of a bearable length: names come from profiles that people fill in. */
function shownName(name: string): string {
  const line = name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
  // Half a character at the end, or one that was never whole, is none.
  return line.slice(0, nameCharsMax).replace(/\p{Surrogate}/gu, '')
}
