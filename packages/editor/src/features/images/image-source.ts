/** Which addresses of images people may type. */

/** The address for what somebody typed as an image's, or null when a browser should not load it. */
export function imageSrcFrom(typed: string): string | null {
  const text = typed.trim()
  if (/\s/.test(text)) return null
  if (/^(\/(?!\/)|\.{1,2}\/)/.test(text)) return text
  const withScheme = /^[a-z][a-z0-9+.-]*:/i.test(text)
    ? text
    : `https://${text.replace(/^\/\//, '')}`
  if (!/^https?:\/\//i.test(withScheme)) return null
  try {
    return new URL(withScheme).hostname.includes('.') || /localhost/.test(withScheme)
      ? withScheme
      : null
  } catch {
    return null
  }
}
