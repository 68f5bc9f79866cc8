/** The small bar at a callout: its tone. An attribute write, like every change of what a block is. */
import { CircleCheck, Info, OctagonAlert, TriangleAlert } from 'lucide'
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { isNode, type Tone } from '../../shape.ts'
import { type BarButton, mountFloatingBar } from '../../ui/floating-bar.ts'
import type { Icon } from '../../ui/icon.ts'
import { setKind } from '../blocks/set-kind.ts'

const tones: readonly { tone: Tone; label: string; icon: Icon }[] = [
  { tone: 'info', label: 'Note', icon: Info },
  { tone: 'success', label: 'Good news', icon: CircleCheck },
  { tone: 'warning', label: 'Warning', icon: TriangleAlert },
  { tone: 'danger', label: 'Danger', icon: OctagonAlert },
]

function calloutTone(view: EditorView): Tone | null {
  const { parent } = view.state.selection.$from
  if (!isNode(parent, 'block') || parent.attrs['kind'] !== 'callout') return null
  return (parent.attrs['tone'] as Tone | null) ?? 'info'
}

export function calloutBarPlugin(context: EditorContext): Plugin {
  const buttons: readonly BarButton[] = tones.map(({ tone, label, icon }) => ({
    label,
    icon,
    isOn: (view) => calloutTone(view) === tone,
    run: (view) => {
      commandOf(setKind('callout', { tone: tone === 'info' ? null : tone }))(
        view.state,
        view.dispatch,
      )
      view.focus()
    },
  }))
  return new Plugin({
    view(view) {
      const unmount = mountFloatingBar(context, view, {
        label: 'Callout',
        placement: 'top-end',
        groups: [buttons],
        anchorFor: () => {
          if (calloutTone(view) === null) return null
          const dom = view.nodeDOM(view.state.selection.$from.before())
          return dom instanceof HTMLElement ? dom : null
        },
      })
      return { destroy: unmount }
    },
  })
}
