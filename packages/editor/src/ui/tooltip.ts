/**
 * Tooltips: the name and shortcut of an icon button, after a short rest of the pointer or at once
 * on keyboard focus. One listener for a whole region; touch shows none.
 */
import { type Clock, type Timer } from '@quire/base'
import { element, listen } from './element.ts'
import { keyLabel } from './key-label.ts'
import { float } from './popovers.ts'

/** Long enough not to flicker while the pointer crosses the toolbar, short enough to be found. */
const restMs = 450

/** Shows tooltips for every `[data-tooltip]` inside `region`. Returns the end of that. */
export function attachTooltips(region: HTMLElement, layer: HTMLElement, clock: Clock): () => void {
  let timer: Timer | null = null
  let shown: { target: Element; hide: () => void } | null = null

  const hide = (): void => {
    timer?.cancel()
    timer = null
    shown?.hide()
    shown = null
  }
  const show = (target: HTMLElement): void => {
    hide()
    const key = target.dataset['key']
    const tip = element(
      'div',
      { class: 'quire-tooltip', role: 'tooltip' },
      target.dataset['tooltip'],
      key ? element('kbd', { class: 'quire-kbd' }, keyLabel(key)) : null,
    )
    layer.append(tip)
    const floating = float(target, tip, 'bottom')
    shown = {
      target,
      hide: () => {
        floating.stop()
        tip.remove()
      },
    }
  }
  const targetOf = (event: Event): HTMLElement | null =>
    event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tooltip]') : null

  const releases = [
    listen(region, 'pointerover', (event) => {
      const target = targetOf(event)
      if (!target || event.pointerType !== 'mouse' || shown?.target === target) return
      timer?.cancel()
      if (shown) show(target)
      else timer = clock.after(restMs, () => show(target))
    }),
    listen(region, 'pointerout', (event) => {
      const to = event.relatedTarget
      if (!(to instanceof Element) || to.closest('[data-tooltip]') !== targetOf(event)) hide()
    }),
    listen(region, 'focusin', (event) => {
      const target = targetOf(event)
      if (target?.matches(':focus-visible')) show(target)
    }),
    listen(region, 'focusout', hide),
    listen(region, 'pointerdown', hide),
    listen(region, 'keydown', hide),
  ]
  return () => {
    hide()
    for (const release of releases) release()
  }
}
