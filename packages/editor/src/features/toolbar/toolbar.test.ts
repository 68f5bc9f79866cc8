// @vitest-environment jsdom
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { edit, host } from '../../../test/open-editor.ts'

test('the toolbar is one stop for Tab, and shows what is on', async () => {
  const editor = edit()
  const bar = host.querySelector('[role="toolbar"]') as HTMLElement
  const stops = () => [...bar.querySelectorAll('button')].filter((b) => b.tabIndex === 0)
  expect(stops()).toHaveLength(1)
  stops()[0]?.focus()
  stops()[0]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
  expect(stops().map((b) => b.dataset['item'])).toEqual(['redo'])
  editor.commands.toggleMark('bold')
  const bold = bar.querySelector('[data-item="bold"]')
  await until('the button shows bold', () => bold?.getAttribute('aria-pressed') === 'true')
})

test('a press on the toolbar does not take the focus from the text', () => {
  edit()
  const event = new MouseEvent('mousedown', { bubbles: true, cancelable: true })
  host.querySelector('[data-item="bold"]')?.dispatchEvent(event)
  expect(event.defaultPrevented).toBe(true)
})
