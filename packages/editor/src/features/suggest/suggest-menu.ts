/**
 * The suggestions on screen: a listbox at the sign, driven from the text. The focus stays in the
 * text; screen readers follow `aria-activedescendant`.
 */
import { Plugin, Selection, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { element } from '../../ui/element.ts'
import { drawIcon } from '../../ui/icon.ts'
import { keyLabel } from '../../ui/key-label.ts'
import type { Popover } from '../../ui/popovers.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { type Asked, askedIn, closeSuggest } from './suggest-state.ts'
import type { Suggestion } from './trigger.ts'

let menuCount = 0

/** Narrowed to nothing for this many typed characters, the list gives up. */
const hopelessChars = 4

/** Shows and drives the list over the state kept by `suggestStatePlugin`. */
export function suggestMenuPlugin(context: EditorContext): Plugin {
  let menu: SuggestMenu | null = null
  return new Plugin({
    props: {
      handleKeyDown: (view, event) =>
        menu !== null && askedIn(view.state) !== null && menu.handleKey(event),
      handleTextInput: (view, _from, _to, text) =>
        menu !== null && askedIn(view.state) !== null && menu.handleSign(text),
    },
    view(view) {
      menu = new SuggestMenu(context, view)
      const stop = context.frames.on(() => menu?.refresh())
      return {
        // Opening, narrowing and closing follow at once; only the place follows with the frame.
        update: () => menu?.update(),
        destroy() {
          stop()
          menu?.hide()
          menu = null
        },
      }
    },
  })
}

class SuggestMenu {
  readonly #context: EditorContext
  readonly #view: EditorView
  readonly #listId: string
  #asked: Asked | null = null
  #shown: { readonly popover: Popover; list: HTMLElement } | null = null
  #matches: readonly Suggestion[] = []
  #chosen = 0
  /** What was asked and is not answered yet, and whether Enter was pressed meanwhile. */
  #waiting: { enter: KeyboardEvent | null } | null = null

  constructor(context: EditorContext, view: EditorView) {
    this.#context = context
    this.#view = view
    menuCount += 1
    this.#listId = `quire-suggest-${menuCount}`
  }

  update(): void {
    const asked = askedIn(this.#view.state)
    if (asked === this.#asked) return
    // Whoever pressed Enter and writes on gets what they asked for, before what they write.
    if (asked && this.#waiting?.enter) return
    this.#asked = asked
    if (!asked || asked.query.length < asked.trigger.queryCharsMin) {
      this.#waiting = null
      this.hide()
      return
    }
    const found = asked.trigger.find(asked.query)
    this.#waiting = null
    if (!('then' in found)) this.#narrow(asked, found)
    else {
      const waiting: { enter: KeyboardEvent | null } = { enter: null }
      this.#waiting = waiting
      void found.then((matches) => {
        if (this.#waiting !== waiting) return
        this.#waiting = null
        this.#narrow(asked, matches)
        const { enter } = waiting
        const [first] = matches
        if (enter && first) this.#pick(first, asked.query)
        else if (enter) this.#view.someProp('handleKeyDown', (handle) => handle(this.#view, enter))
      })
    }
  }

  refresh(): void {
    this.#shown?.popover.update()
  }

  hide(): void {
    this.#waiting = null
    this.#matches = []
    const shown = this.#shown
    this.#shown = null
    shown?.popover.close()
    this.#tell()
  }

  handleKey(event: KeyboardEvent): boolean {
    if (event.isComposing) return false
    const waiting = this.#waiting
    if (waiting && event.key === 'Enter' && !event.shiftKey) {
      // Who types quicker than the list comes means its first entry.
      waiting.enter = event
      return true
    }
    if (!this.#shown) return false
    const count = this.#matches.length
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        if (count === 0) return false
        this.#choose((this.#chosen + (event.key === 'ArrowDown' ? 1 : count - 1)) % count)
        return true
      case 'Enter':
      case 'Tab': {
        const match = this.#matches[this.#chosen]
        if (!match || event.shiftKey || event.ctrlKey || event.metaKey) return false
        this.#pick(match)
        return true
      }
      case 'Escape':
        this.#view.dispatch(closeSuggest(this.#view.state.tr))
        return true
      default:
        return false
    }
  }

  /** The sign that closes a query picks what it names exactly. */
  handleSign(text: string): boolean {
    const closing = this.#asked?.trigger.closing
    if (!this.#asked || text !== closing?.sign) return false
    const id = closing.idFor(this.#asked.query)
    const match = this.#matches.find((one) => one.id === id)
    if (match) this.#pick(match)
    return match !== undefined
  }

  #narrow({ query }: Asked, matches: readonly Suggestion[]): void {
    const isSame =
      this.#shown &&
      matches.length === this.#matches.length &&
      matches.every((match, index) => match === this.#matches[index])
    if (isSame) return
    this.#matches = matches
    this.#chosen = 0
    if (matches.length === 0 && query.length >= hopelessChars) this.hide()
    else this.#draw()
  }

  #draw(): void {
    const asked = this.#asked
    if (!asked) return
    const list = element('div', {
      id: this.#listId,
      role: 'listbox',
      'aria-label': asked.trigger.label,
      // It scrolls; the arrow keys do that from the text.
      tabindex: 0,
      class: 'quire-suggest',
    })
    let group: string | undefined
    this.#matches.forEach((match, index) => {
      if (match.group !== group && match.group !== undefined && asked.query === '') {
        group = match.group
        list.append(element('div', { class: 'quire-menu-heading', role: 'presentation' }, group))
      }
      list.append(this.#row(match, index))
    })
    if (this.#matches.length === 0) {
      list.append(element('div', { class: 'quire-suggest-none' }, 'Nothing found'))
    }
    if (this.#shown) {
      this.#shown.list.replaceWith(list)
      this.#shown.list = list
    } else {
      const content = element('div', {}, list)
      content.addEventListener('mousedown', (event) => event.preventDefault())
      const popover = this.#context.popovers.open({
        anchor: rangeAnchor(this.#view, () => {
          const from = askedIn(this.#view.state)?.from ?? this.#view.state.selection.from
          return { from, to: from }
        }),
        content,
        returnFocus: () => this.#view.focus(),
        onClose: () => this.#closed(),
      })
      this.#shown = { popover, list }
    }
    this.#choose(this.#chosen)
    this.#shown?.popover.update()
  }

  #row(match: Suggestion, index: number): HTMLElement {
    const { icon, label, hint, key } = match
    const row = element(
      'div',
      {
        id: `${this.#listId}-${index}`,
        role: 'option',
        class: 'quire-suggest-item',
        'aria-selected': 'false',
      },
      typeof icon === 'string'
        ? element('span', { class: 'quire-suggest-sign', 'aria-hidden': 'true' }, icon)
        : element('span', { class: 'quire-suggest-icon' }, drawIcon(icon)),
      element(
        'span',
        { class: 'quire-suggest-text' },
        element('span', {}, label),
        hint ? element('span', { class: 'quire-suggest-hint' }, hint) : null,
      ),
      key ? element('kbd', { class: 'quire-kbd' }, keyLabel(key)) : null,
    )
    row.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'mouse' && this.#chosen !== index) this.#choose(index)
    })
    row.addEventListener('click', () => this.#pick(match))
    return row
  }

  #choose(index: number): void {
    this.#chosen = index
    const rows = this.#shown?.list.querySelectorAll<HTMLElement>('[role="option"]') ?? []
    rows.forEach((row, at) => row.setAttribute('aria-selected', String(at === index)))
    rows[index]?.scrollIntoView?.({ block: 'nearest' })
    this.#tell()
  }

  /**
   * The text says which list belongs to it, and which entry is chosen. At once: a list also comes and goes
   * between two transactions. That it is open is not for a text box to say.
   */
  #tell(): void {
    const { dom } = this.#view
    const isChosen = this.#shown && this.#matches.length > 0
    const told = {
      'aria-haspopup': this.#shown && 'listbox',
      'aria-autocomplete': this.#shown && 'list',
      'aria-controls': this.#shown && this.#listId,
      'aria-activedescendant': isChosen ? `${this.#listId}-${this.#chosen}` : null,
    }
    for (const [name, value] of Object.entries(told)) {
      if (value === null) dom.removeAttribute(name)
      else dom.setAttribute(name, value)
    }
  }

  /** Removes the typed words and makes the change, in one transaction. What was typed behind the words of `query` stays, and the caret behind it. */
  #pick(match: Suggestion, query?: string): void {
    const asked = askedIn(this.#view.state)
    if (!asked || (query !== undefined && !asked.query.startsWith(query))) return
    const tr = closeSuggest(this.#view.state.tr)
    const caret = tr.selection.from
    const end = query === undefined ? caret : asked.from + asked.trigger.sign.length + query.length
    tr.delete(asked.from, end)
    if (end < caret) tr.setSelection(TextSelection.create(tr.doc, asked.from))
    match.edit?.(tr)
    if (end < caret) tr.setSelection(Selection.near(tr.doc.resolve(tr.mapping.map(caret))))
    this.#view.dispatch(tr.scrollIntoView())
    this.#view.focus()
    match.run?.(this.#view)
  }

  /** Somebody pressed elsewhere or opened another panel: the state ends with the screen. */
  #closed(): void {
    if (!this.#shown) return
    this.#shown = null
    this.#tell()
    if (this.#view.isDestroyed) return
    if (askedIn(this.#view.state)) this.#view.dispatch(closeSuggest(this.#view.state.tr))
  }
}
