/** Ticking tasks: an attribute write, by key for the selected tasks and by press for one. */
import type { Edit } from '../../edit.ts'
import { selectedBlocks, writeAttributes, writeAttributesOfAll } from '../../selected-blocks.ts'
import { isNode } from '../../shape.ts'

/** Ticks the selected tasks, or opens them again when all are ticked. */
export const toggleSelectedTasks: Edit = (tr) => {
  const tasks = selectedBlocks(tr).filter(({ node }) => node.attrs['kind'] === 'task')
  if (tasks.length === 0) return false
  const areAllDone = tasks.every(({ node }) => node.attrs['checked'] === true)
  const attributes = { checked: areAllDone ? null : true }
  writeAttributesOfAll(
    tr,
    tasks.map(({ pos }) => ({ pos, attributes })),
  )
  return true
}

/** Ticks or opens the task at `pos`. */
export function toggleTaskAt(pos: number): Edit {
  return (tr) => {
    const task = tr.doc.nodeAt(pos)
    if (!isNode(task, 'block') || task.attrs['kind'] !== 'task') return false
    return writeAttributes(tr, pos, { checked: task.attrs['checked'] === true ? null : true })
  }
}
