/**
 * Keeps prosemirror-tables from mending tables by itself, and from what it cannot do with a ragged one.
 * Knows it by name only: a page without tables does not load it.
 */
import { NodeSelection, Plugin, type Selection } from 'prosemirror-state'
import { isRagged } from './table-shape.ts'

/** What it writes on its repairs. */
const repairKey = 'fix-tables$'

/**
 * Refuses the repairs that prosemirror-tables appends by itself, and the selection of a ragged table as
 * a whole: it turns that into a selection of cells, and throws where a cell is missing.
 */
export function tableGatePlugin(): Plugin {
  return new Plugin({
    filterTransaction: (tr) =>
      tr.getMeta(repairKey) === undefined && (tr.docChanged || !isOfRaggedTable(tr.selection)),
  })
}

function isOfRaggedTable(selection: Selection): boolean {
  return selection instanceof NodeSelection && isRagged(selection.node)
}
