/**
 * Keeps React out of the editor's selection. Before every commit React looks up where the selection is
 * in a focused editable element, and puts it back afterwards, walking through all of its text: tens of
 * milliseconds in a long document, with the first key after each pause. The editor minds its selection
 * by itself, and nothing of it is React's.
 */

/** React, which asks this property, no longer takes `element` for editable. The attribute, and with it the browser, is as before. */
export function keepSelectionApart(element: HTMLElement): void {
  Object.defineProperty(element, 'contentEditable', {
    configurable: true,
    get: () => 'inherit',
    set: (value: string): void => {
      element.setAttribute('contenteditable', value)
    },
  })
}
