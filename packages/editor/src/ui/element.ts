/**
 * Builds DOM elements in one expression. Not a view library: what it makes is never diffed or
 * kept; whoever made an element changes it by hand.
 */

/** Attributes and properties of a new element. `null`, `undefined` and `false` leave the attribute out, `true` writes it empty. */
export type ElementAttributes = Readonly<
  Record<string, string | number | boolean | null | undefined>
>

export type ElementChild = Node | string | null | undefined | false

/** Makes `<tag>` with attributes and children. Strings become text nodes, never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: ElementAttributes = {},
  ...children: ElementChild[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    made.setAttribute(name, value === true ? '' : String(value))
  }
  for (const child of children) {
    if (child) made.append(child)
  }
  return made
}

/** Adds a listener and returns its removal. */
export function listen<Name extends keyof HTMLElementEventMap>(
  target: EventTarget,
  name: Name,
  handle: (event: HTMLElementEventMap[Name]) => void,
  options?: AddEventListenerOptions,
): () => void {
  const listener = handle as EventListener
  target.addEventListener(name, listener, options)
  return () => target.removeEventListener(name, listener, options)
}

/** The element with the keyboard focus in the same document or shadow root as `near`. */
export function focusedElement(near: Node): Element | null {
  const root = near.getRootNode()
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null
}
