/** The slash menu: `/` offers blocks and media to insert, at the start of a block or behind a space. */
import type { EditorContext } from '../../feature.ts'
import { isNode } from '../../shape.ts'
import type { Trigger } from '../suggest/trigger.ts'
import { filterItems, slashItems } from './items.ts'

export function slashTrigger(context: EditorContext): Trigger {
  const items = [...slashItems(context), ...context.slashItems()]
  return {
    name: 'slash',
    sign: '/',
    label: 'Insert',
    queryCharsMin: 0,
    // Longer than any entry's name.
    queryCharsMax: 24,
    mayOpen: (block, before) => isNode(block, 'block') && (before === '' || /\s$/.test(before)),
    isQuery: (words) => !/^\s|\n|\s{2}/.test(words),
    find: (query) => filterItems(items, query),
  }
}
