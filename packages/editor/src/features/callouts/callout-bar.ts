/** The small bar at a callout: its tone. An attribute write, like every change of what a block is. */
import { CircleCheck, Info, OctagonAlert, TriangleAlert } from 'lucide'
import type { EditorView } from 'prosemirror-view'
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import type { Tone } from '../../shape.ts'
import { type BarButton, mountFloatingBar } from '../../ui/floating-bar.ts'
import type { Icon } from '../../ui/icon.ts'
import { setKind } from '../blocks/set-kind.ts'
import { calloutTone } from './callout-plugin.ts'

const tones: readonly { tone: Tone; label: string; icon: Icon }[] = [
  { tone: 'info', label: 'Note', icon: Info },
  { tone: 'success', label: 'Good news', icon: CircleCheck },
  { tone: 'warning', label: 'Warning', icon: TriangleAlert },
  { tone: 'danger', label: 'Danger', icon: OctagonAlert },
]

/** Returns its removal. */
export function mountCalloutBar(context: EditorContext, view: EditorView): () => void {
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
  return mountFloatingBar(context, view, {
    label: 'Callout',
    placement: 'top-end',
    groups: [buttons],
    anchorFor: () => {
      if (calloutTone(view) === null) return null
      const dom = view.nodeDOM(view.state.selection.$from.before())
      return dom instanceof HTMLElement ? dom : null
    },
  })
}
