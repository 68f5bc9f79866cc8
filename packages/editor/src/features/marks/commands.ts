/** Character formatting: on, off, a value, or none at all. */
import { toggleMark as toggleMarkCommand } from 'prosemirror-commands'
import type { Attrs, Mark } from 'prosemirror-model'
import type { Command, EditorState } from 'prosemirror-state'
import { type MarkName, markTypeIn, type PlainMark } from '../../shape.ts'
import { addMark, isAllMarked, isOverMany, removeMark } from './mark-steps.ts'

/** What a mark takes the place of here. The schema lets them meet, because two people could set both at once. */
const opposites: Partial<Record<PlainMark, PlainMark>> = {
  superscript: 'subscript',
  subscript: 'superscript',
}

/** Turns a plain mark on or off. With a selection that has it in part, it is added to all of it. */
export function toggleMark(name: PlainMark): Command {
  const opposite = opposites[name]
  return (state, dispatch) => {
    const toggle = toggleMarkCommand(markTypeIn(state, name), null, {
      removeWhenPresent: false,
      enterInlineAtoms: true,
    })
    const isMany = state.selection.ranges.some(({ $from, $to }) =>
      isOverMany(state.doc, $from.pos, $to.pos),
    )
    if (isMany) return toggleOverMany(name)(state, dispatch)
    if (!opposite) return toggle(state, dispatch)
    const type = markTypeIn(state, opposite)
    return toggle(
      state,
      dispatch &&
        ((tr) => {
          for (const { $from, $to } of state.selection.ranges) {
            tr.removeMark($from.pos, $to.pos, type)
          }
          if (state.selection.empty) tr.removeStoredMark(type)
          dispatch(tr)
        }),
    )
  }
}

/** The same for a selection of very much, in few steps. */
function toggleOverMany(name: PlainMark): Command {
  return (state, dispatch) => {
    if (!dispatch) return true
    const { tr, doc, selection } = state
    const type = markTypeIn(state, name)
    const opposite = opposites[name]
    const isOn = selection.ranges.every(({ $from, $to }) =>
      isAllMarked(doc, $from.pos, $to.pos, type),
    )
    for (const { $from, $to } of selection.ranges) {
      if (isOn) removeMark(tr, $from.pos, $to.pos, type)
      else addMark(tr, $from.pos, $to.pos, type.create())
      if (!isOn && opposite) removeMark(tr, $from.pos, $to.pos, markTypeIn(state, opposite))
    }
    dispatch(tr.scrollIntoView())
    return true
  }
}

/** Sets a mark with a value (colour, highlight) on the selection or on what is typed next; null attributes remove it. */
export function setMarkValue(name: MarkName, attributes: Attrs | null): Command {
  return (state, dispatch) => {
    const { selection, tr } = state
    const type = markTypeIn(state, name)
    if (selection.empty) {
      if (!selection.$from.parent.type.allowsMarkType(type)) return false
      const mark = attributes && type.create(attributes)
      dispatch?.(mark ? tr.addStoredMark(mark) : tr.removeStoredMark(type))
      return true
    }
    for (const { $from, $to } of selection.ranges) {
      removeMark(tr, $from.pos, $to.pos, type)
      if (attributes) addMark(tr, $from.pos, $to.pos, type.create(attributes))
    }
    if (tr.docChanged || attributes === null) dispatch?.(tr)
    return true
  }
}

/** Removes all character formatting; links stay, they are content. */
export const clearFormatting: Command = (state, dispatch) => {
  const { selection, tr } = state
  const types = Object.values(state.schema.marks).filter(({ name }) => name !== 'link')
  if (selection.empty) {
    for (const type of types) tr.removeStoredMark(type)
    tr.setStoredMarks(
      (state.storedMarks ?? selection.$from.marks()).filter((m) => !types.includes(m.type)),
    )
    dispatch?.(tr)
    return true
  }
  for (const { $from, $to } of selection.ranges) {
    for (const type of types) removeMark(tr, $from.pos, $to.pos, type)
  }
  dispatch?.(tr)
  return true
}

/** The marks a toolbar shows for the selection: those of the whole of it, or of what would be typed. */
export function activeMarks(state: EditorState): readonly Mark[] {
  const { selection, storedMarks, doc } = state
  if (selection.empty) return storedMarks ?? selection.$from.marks()
  let common: readonly Mark[] | null = null
  for (const { $from, $to } of selection.ranges) {
    // A selection of a whole long document is judged by its beginning: the answer must cost the same everywhere.
    const end = Math.min($to.pos, $from.pos + selectionLookedAtMax)
    doc.nodesBetween($from.pos, end, (node) => {
      if (common?.length === 0) return false
      if (node.isText) {
        const previous: readonly Mark[] | null = common
        common = previous ? previous.filter((mark) => mark.isInSet(node.marks)) : node.marks
      }
      return true
    })
  }
  return common ?? []
}

/** Positions of a selection that are looked at to show which marks are on. */
const selectionLookedAtMax = 20_000
