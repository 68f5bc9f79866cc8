/** The slash menu: `/` offers blocks and media to insert, at the start of a block or behind a space. */
import type { EditorContext, SlashItem } from '../../feature.ts'
import { isNode } from '../../shape.ts'
import type { Parts } from '../../ui/later.ts'
import type { Trigger } from '../suggest/trigger.ts'

export function slashTrigger(context: EditorContext): Trigger {
  let parts: Pick<Parts, 'filterItems'> | null = null
  let items: readonly SlashItem[] | null = null
  return {
    name: 'slash',
    sign: '/',
    label: 'Insert',
    queryCharsMin: 0,
    // Longer than any entry's name.
    queryCharsMax: 24,
    mayOpen: (block, before) => isNode(block, 'block') && (before === '' || /\s$/.test(before)),
    isQuery: (words) => !/^\s|\n|\s{2}/.test(words),
    find(query) {
      if (parts && items) return parts.filterItems(items, query)
      return import('../../parts.ts').then(
        (loaded) => {
          parts = loaded
          items = [...loaded.slashItems(context), ...context.slashItems()]
          return loaded.filterItems(items, query)
        },
        // Offline, perhaps: the next one who asks tries again, and what was typed stays as text.
        () => [],
      )
    },
  }
}
