/** Asks for the size of a new table and inserts it. */
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { later } from '../../ui/later.ts'
import type { Anchor } from '../../ui/popovers.ts'
import { insertTable } from './insert-table.ts'

export const askForTable = (context: EditorContext, anchor: Anchor): true =>
  later(context, anchor, ({ openTablePicker }) =>
    openTablePicker(context, anchor, (rows, columns) => {
      const view = context.view()
      commandOf(insertTable(rows, columns))(view.state, view.dispatch)
      view.focus()
    }),
  )
