/** The checkbox of a task, by mouse, touch and screen reader: an attribute write, said aloud. */
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { toggleTaskAt } from './toggle-task.ts'

/** The position of the task whose box the event is about, or null. */
function taskOf(view: EditorView, event: Event): number | null {
  if (!(event.target instanceof Element)) return null
  const box = event.target.closest('[data-task-box]')
  const task = box?.closest('[data-kind="task"]')
  if (!task || !view.dom.contains(task)) return null
  const $in = view.state.doc.resolve(view.posAtDOM(task, 0))
  return $in.depth > 0 ? $in.before() : null
}

export function taskPlugin(context: EditorContext): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        mousedown(view, event) {
          if (taskOf(view, event) === null) return false
          // The caret stays where it is, and no keyboard comes up on phones.
          event.preventDefault()
          return true
        },
        click(view, event) {
          const pos = view.editable ? taskOf(view, event) : null
          if (pos === null) return false
          event.preventDefault()
          const { tr } = view.state
          if (!toggleTaskAt(pos)(tr)) return false
          view.dispatch(tr)
          const isDone = view.state.doc.nodeAt(pos)?.attrs['checked'] === true
          context.announce(isDone ? 'Task done' : 'Task open')
          return true
        },
      },
    },
  })
}
