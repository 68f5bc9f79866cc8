/** Roving focus for toolbars: one stop for Tab, arrow keys inside, as the ARIA toolbar pattern has it. */
import { focusedElement, listen } from './element.ts'

/** Makes the buttons of `bar` one Tab stop. Call `refresh` after buttons were disabled or replaced. */
export function rovingFocus(bar: HTMLElement): { refresh: () => void; release: () => void } {
  const stops = (): HTMLElement[] => [
    ...bar.querySelectorAll<HTMLElement>('button:not([disabled]):not([hidden])'),
  ]
  const setStop = (stop: HTMLElement | undefined): void => {
    for (const other of bar.querySelectorAll<HTMLElement>('button')) {
      const value = other === stop ? 0 : -1
      if (other.tabIndex !== value) other.tabIndex = value
    }
  }
  const refresh = (): void => {
    const all = stops()
    if (!all.some((stop) => stop.tabIndex === 0)) setStop(all[0])
    else setStop(all.find((stop) => stop.tabIndex === 0))
  }
  const releases = [
    listen(bar, 'keydown', (event) => {
      const all = stops()
      const at = all.indexOf(focusedElement(bar) as HTMLElement)
      if (at < 0) return
      const isRtl = getComputedStyle(bar).direction === 'rtl'
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
      let next: HTMLElement | undefined
      if (step !== 0) next = all[(at + (isRtl ? -step : step) + all.length) % all.length]
      else if (event.key === 'Home') next = all[0]
      else if (event.key === 'End') next = all.at(-1)
      if (!next) return
      event.preventDefault()
      setStop(next)
      next.focus()
      next.scrollIntoView?.({ block: 'nearest', inline: 'nearest' })
    }),
    listen(bar, 'focusin', (event) => {
      if (event.target instanceof HTMLButtonElement) setStop(event.target)
    }),
  ]
  refresh()
  return {
    refresh,
    release: () => {
      for (const release of releases) release()
    },
  }
}
