/**
 * localStorage that may be forbidden, full or shared with other tabs.
 * Is not for content: only small preferences, whose loss costs nothing.
 */

/** The stored text, or null when there is none or storage is not allowed. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // private mode or a policy: the preference lives as long as the page
  }
}

/** Stores `text`; false when the browser refuses, and the preference lives only in this page. */
export function writeStored(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text)
    return true
  } catch {
    return false // private mode, a policy, or a full store
  }
}
