/**
 * Company for those who cannot see carets: who comes and goes is said politely, several at a time, and
 * on a key where everybody is. Nobody is announced for typing; that would never end.
 */
import type { Node } from 'prosemirror-model'
import { type Command, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Colleague, EditorContext } from '../../feature.ts'
import { isNode } from '../../shape.ts'

/** Comings and goings within this time are said in one sentence; a reload is both and says nothing. */
const gatherMs = 2_000
/** More names than that nobody listens to. */
const namesMax = 3
/** Enough words to know a block by. */
const wordsCharsMax = 40

export function announceCompanyPlugin(context: EditorContext): Plugin {
  const { company, clock } = context
  return new Plugin({
    view() {
      if (!company) return {}
      let known = company.names()
      let timer: { cancel(): void } | null = null
      const say = (): void => {
        timer = null
        const now = company.names()
        const come = [...now].filter((name) => !known.has(name))
        const gone = [...known].filter((name) => !now.has(name))
        known = now
        const words = [sentence(come, 'is here', 'are here'), sentence(gone, 'left', 'left')]
        const said = words.filter(Boolean).join(' ')
        if (said) context.announce(said)
      }
      const stop = company.onChange(() => {
        timer ??= clock.after(gatherMs, say)
      })
      return {
        destroy() {
          stop()
          timer?.cancel()
        },
      }
    },
  })
}

/** Says where each colleague is. */
export function tellWhereOthersAre(context: EditorContext): Command {
  return (_state, dispatch, view) => {
    if (!dispatch || !view) return true
    const colleagues = context.company?.colleagues() ?? []
    const told = colleagues
      .slice(0, namesMax * 2)
      .map((one) => `${one.name}: ${placeOf(view, one)}.`)
    const more = colleagues.length - told.length
    context.announce(
      told.length === 0
        ? 'Nobody else is here.'
        : [...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
    )
    return true
  }
}

function placeOf({ state }: EditorView, { pos }: Colleague): string {
  if (pos === null || pos > state.doc.content.size) return 'not in the text'
  const block = state.doc.resolve(pos).node(1)
  if (state.selection.$from.depth > 0 && state.selection.$from.node(1) === block) {
    return 'where you are'
  }
  const words = block.textContent.trim().slice(0, wordsCharsMax)
  return words === '' ? `an empty ${nameOf(block)}` : `${nameOf(block)} “${words}”`
}

function nameOf(block: Node): string {
  if (isNode(block, 'table')) return 'table'
  if (isNode(block, 'code_block')) return 'code'
  const { kind } = block.attrs
  if (kind === 'heading' || kind === 'quote' || kind === 'callout') return String(kind)
  return kind === 'paragraph' ? 'paragraph' : 'list item'
}

function sentence(names: readonly string[], one: string, many: string): string {
  if (names.length === 0) return ''
  const shown = names.slice(0, namesMax)
  const more = names.length - shown.length
  const list = [...shown, ...(more > 0 ? [`${more} more`] : [])]
  const last = list.pop() ?? ''
  return `${list.length > 0 ? `${list.join(', ')} and ${last}` : last} ${names.length > 1 ? many : one}.`
}
