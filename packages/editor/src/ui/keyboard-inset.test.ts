// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest'
import { followKeyboard } from './keyboard-inset.ts'

class Viewport extends EventTarget {
  height = innerHeight
  offsetTop = 0
  scale = 1
  become(next: Partial<Pick<Viewport, 'height' | 'offsetTop' | 'scale'>>): void {
    Object.assign(this, next)
    this.dispatchEvent(new Event('resize'))
  }
}

afterEach(() =>
  Object.defineProperty(window, 'visualViewport', { value: null, configurable: true }),
)

test('the keyboard’s height is said while it is there, and not for a pinch', () => {
  const viewport = new Viewport()
  Object.defineProperty(window, 'visualViewport', { value: viewport, configurable: true })
  const element = document.createElement('div')
  const inset = () => element.style.getPropertyValue('--quire-keyboard-inset')
  const stop = followKeyboard(element)
  expect(inset()).toBe('0px')
  viewport.become({ height: innerHeight - 300 })
  expect(inset()).toBe('300px')
  viewport.become({ offsetTop: 120 })
  expect(inset()).toBe('180px')
  viewport.become({ scale: 2 })
  expect(inset()).toBe('0px')
  viewport.become({ scale: 1, offsetTop: 0 })
  stop()
  viewport.become({ height: innerHeight })
  expect(inset()).toBe('300px')
})

test('a browser that cannot tell has none', () => {
  const element = document.createElement('div')
  followKeyboard(element)()
  expect(element.style.getPropertyValue('--quire-keyboard-inset')).toBe('')
})
