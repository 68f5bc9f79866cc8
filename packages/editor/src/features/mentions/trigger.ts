/** `@` offers people and documents. Who finds them is fetched when it is first asked. */
import type { EditorContext } from '../../feature.ts'
import { isNode } from '../../shape.ts'
import { isWordStart, type Trigger } from '../suggest/trigger.ts'

export function mentionTrigger(context: EditorContext): Trigger {
  return {
    name: 'mentions',
    sign: '@',
    label: 'People and documents',
    queryCharsMin: 0,
    queryCharsMax: 40,
    mayOpen: (block, before) => isNode(block, 'block') && isWordStart(before),
    isQuery: (words) => !/^\s|\n|\s{2}/.test(words),
    find: (query) =>
      import('../../parts.ts').then(
        ({ findMentions }) => findMentions(context, query),
        // Offline, perhaps: what was typed stays as text.
        () => [],
      ),
  }
}
