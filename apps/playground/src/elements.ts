/** Elements in one expression: `element('button', { class: 'x', onclick: f }, 'text', other)`. */

type Settings = Readonly<
  Record<string, string | number | boolean | ((event: Event) => void) | null>
>

/** A function under `on…` is a listener; true and false are attributes without a value; null is left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  settings: Settings = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value)
    else if (typeof value === 'boolean') made.toggleAttribute(name, value)
    else if (value !== null) made.setAttribute(name, String(value))
  }
  made.append(...children)
  return made
}

/** Writes text only where it differs, so that a repeated look costs no layout. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text
}
