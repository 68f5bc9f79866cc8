/** Whom and what `@` offers: those who are here, then whom and what the application finds. */
import { mentionCharsMax } from '@quire/document'
import { FileText, User } from 'lucide'
import type { EditorContext } from '../../feature.ts'
import type { Icon } from '../../ui/icon.ts'
import type { Suggestion } from '../suggest/trigger.ts'
import type { Mention, Suggested } from './mentions.ts'

/** Of each kind; more nobody reads. */
const shownMax = 8

/** Never rejects: what cannot be found is not offered. */
export async function findMentions(
  { company, mentions }: EditorContext,
  query: string,
): Promise<readonly Suggestion[]> {
  const words = query.trim().toLowerCase()
  const here = [...(company?.names() ?? [])]
    .filter((name) =>
      name
        .toLowerCase()
        .split(/\s+/)
        .concat(name.toLowerCase())
        .some((part) => part.startsWith(words)),
    )
    .map((name): Suggested => ({ id: name, name, hint: 'here now' }))
    .filter(canBeMeant)
  const [people, documents] = await Promise.all([
    found(mentions.people, words),
    found(mentions.documents, words),
  ])
  // The application knows who somebody is; presence only what they call themselves.
  const known = new Set(people.map(({ name }) => name))
  const all = [...people, ...here.filter(({ name }) => !known.has(name))]
  return [
    ...all.slice(0, shownMax).map((one) => suggestion('person', 'People', User, one)),
    ...documents
      .slice(0, shownMax)
      .map((one) => suggestion('document', 'Documents', FileText, one)),
  ]
}

async function found(
  find: ((query: string) => Promise<readonly Suggested[]>) | undefined,
  words: string,
): Promise<readonly Suggested[]> {
  try {
    return ((await find?.(words)) ?? []).filter(canBeMeant)
  } catch {
    // Its own faults the application reports itself; here there is nobody to offer.
    return []
  }
}

/** A longer id would be locked in every editor, and a part of one means somebody else. */
const canBeMeant = ({ id }: Suggested): boolean => id.length <= mentionCharsMax.target

function suggestion(
  of: Mention['of'],
  group: string,
  icon: Icon,
  { id, name, hint }: Suggested,
): Suggestion {
  return {
    id: `${of} ${id}`,
    label: name,
    group,
    icon,
    ...(hint !== undefined && { hint }),
    edit(tr) {
      const attrs = {
        of,
        target: id,
        label: name.slice(0, mentionCharsMax.label),
      } satisfies Mention
      tr.replaceSelectionWith(tr.doc.type.schema.node('mention', attrs), false)
      tr.insertText(' ')
      return true
    },
  }
}
