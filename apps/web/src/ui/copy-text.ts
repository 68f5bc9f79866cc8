/**
 * Copies to the clipboard. The asynchronous clipboard exists only on https and localhost; a server
 * on a home network has neither, so the old way stands behind it.
 */
export interface Copied {
  readonly text: string
  readonly html?: string
}

/** Whether it was copied. Call it from a click: browsers allow it nowhere else. */
export async function copyText({ text, html }: Copied): Promise<boolean> {
  try {
    if (html !== undefined && 'ClipboardItem' in globalThis) {
      const item = new ClipboardItem({
        'text/plain': new Blob([text], { type: 'text/plain' }),
        'text/html': new Blob([html], { type: 'text/html' }),
      })
      await navigator.clipboard.write([item])
    } else {
      await navigator.clipboard.writeText(text)
    }
    return true
  } catch {
    return copyByCommand({ text, ...(html === undefined ? {} : { html }) }) // not allowed, or not there
  }
}

function copyByCommand({ text, html }: Copied): boolean {
  let done = false
  const onCopy = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    if (html !== undefined) event.clipboardData?.setData('text/html', html)
    event.preventDefault()
    event.stopImmediatePropagation()
    done = true
  }
  document.addEventListener('copy', onCopy, { capture: true })
  try {
    document.execCommand('copy')
  } finally {
    document.removeEventListener('copy', onCopy, { capture: true })
  }
  return done
}
