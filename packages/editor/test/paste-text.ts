/** The whole of a paste of plain text, as a key does it. */
import type { Editor } from '../src/create-editor.ts'

export function pasteText({ view }: Editor, text: string): void {
  const event = new Event('paste', { bubbles: true, cancelable: true })
  const getData = (type: string): string => (type === 'text/plain' ? text : '')
  Object.assign(event, { clipboardData: { getData, types: ['text/plain'], files: [], items: [] } })
  view.dom.dispatchEvent(event)
}
