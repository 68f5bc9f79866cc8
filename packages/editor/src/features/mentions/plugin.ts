/** A press on a mention opens whom or what it means, where the application knows how. */
import { NodeSelection, Plugin } from 'prosemirror-state'
import type { EditorContext } from '../../feature.ts'
import { mentionOf } from './mentions.ts'

export function mentionPlugin({ mentions }: EditorContext): Plugin {
  return new Plugin({
    props: {
      handleClickOn(_view, _pos, node, _nodePos, event, isDirect) {
        const mention = isDirect && event.button === 0 ? mentionOf(node) : null
        if (!mention || !mentions.open) return false
        mentions.open(mention, event)
        return true
      },
      handleKeyDown(view, event) {
        const { selection } = view.state
        if (event.key !== 'Enter' || !(selection instanceof NodeSelection)) return false
        const mention = mentionOf(selection.node)
        if (!mention || !mentions.open) return false
        mentions.open(mention, event)
        return true
      },
    },
  })
}
