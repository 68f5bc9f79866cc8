/** Titles of documents, as the server keeps them: trimmed, perhaps empty. */

/** The server's bound; a field that takes more would only be refused later. */
export const titleCharsMax = 300

/** What a document is called that nobody has named. */
export const untitled = 'Untitled'

/** The title as people see it. */
export function shownTitle(title: string): string {
  return title === '' ? untitled : title
}
