/**
 * The slash menu on screen: a listbox at the slash, driven from the text. The focus stays in the
 * text; screen readers follow `aria-activedescendant`.
 */
import { Plugin, PluginKey, type EditorState } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext, SlashItem } from '../../feature.ts'
import { element } from '../../ui/element.ts'
import { drawIcon } from '../../ui/icon.ts'
import { keyLabel } from '../../ui/key-label.ts'
import type { Popover } from '../../ui/popovers.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { filterItems } from './items.ts'
import { closeSlash, slashKey } from './state.ts'

let menuCount = 0

/** Narrowed to nothing for this many typed characters, the menu gives up. */
const hopelessChars = 4

/** Shows and drives the menu over the state kept by `slashStatePlugin`. */
export function slashMenuPlugin(context: EditorContext, items: readonly SlashItem[]): Plugin {
  let menu: SlashMenu | null = null
  return new Plugin({
    key: new PluginKey('quire-slash-menu-view'),
    props: {
      attributes: () => menu?.comboboxAttributes() ?? {},
      handleKeyDown(view, event) {
        return (
          menu !== null && slashKey.getState(view.state) !== null && menu.handleKey(view, event)
        )
      },
    },
    view(view) {
      menu = new SlashMenu(context, view, items)
      const stop = context.frames.on(() => menu?.refresh())
      return {
        // Opening, narrowing and closing follow at once; only the place follows with the frame.
        update: (_view, before) => menu?.update(before),
        destroy() {
          stop()
          menu?.hide()
          menu = null
        },
      }
    },
  })
}

class SlashMenu {
  readonly #context: EditorContext
  readonly #view: EditorView
  readonly #items: readonly SlashItem[]
  readonly #listId: string
  #shown: { popover: Popover; list: HTMLElement } | null = null
  #matches: readonly SlashItem[] = []
  #chosen = 0

  constructor(context: EditorContext, view: EditorView, items: readonly SlashItem[]) {
    this.#context = context
    this.#view = view
    this.#items = items
    menuCount += 1
    this.#listId = `quire-slash-${menuCount}`
  }

  comboboxAttributes(): Record<string, string> {
    if (!this.#shown) return {}
    return {
      'aria-haspopup': 'listbox',
      'aria-expanded': 'true',
      'aria-controls': this.#listId,
      'aria-activedescendant': `${this.#listId}-${this.#chosen}`,
    }
  }

  update(before: EditorState): void {
    const slash = slashKey.getState(this.#view.state) ?? null
    if (slash === (slashKey.getState(before) ?? null)) return
    if (!slash) {
      this.hide()
      return
    }
    const matches = filterItems(this.#items, slash.query)
    const isSame =
      this.#shown &&
      matches.length === this.#matches.length &&
      matches.every((item, index) => item === this.#matches[index])
    if (isSame) return
    this.#matches = matches
    this.#chosen = 0
    if (matches.length === 0 && slash.query.length >= hopelessChars) this.hide()
    else this.#draw()
  }

  refresh(): void {
    this.#shown?.popover.update()
  }

  hide(): void {
    this.#matches = []
    const shown = this.#shown
    this.#shown = null
    shown?.popover.close()
  }

  handleKey(view: EditorView, event: KeyboardEvent): boolean {
    if (!this.#shown || event.isComposing) return false
    const count = this.#matches.length
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        if (count === 0) return false
        this.#choose((this.#chosen + (event.key === 'ArrowDown' ? 1 : count - 1)) % count)
        return true
      case 'Enter':
      case 'Tab': {
        const item = this.#matches[this.#chosen]
        if (!item || event.shiftKey || event.ctrlKey || event.metaKey) return false
        this.#pick(item)
        return true
      }
      case 'Escape':
        view.dispatch(closeSlash(view.state.tr))
        return true
      default:
        return false
    }
  }

  #draw(): void {
    const list = element('div', {
      id: this.#listId,
      role: 'listbox',
      'aria-label': 'Insert',
      class: 'quire-slash',
    })
    let group = ''
    this.#matches.forEach((item, index) => {
      if (item.group !== group && !slashKey.getState(this.#view.state)?.query) {
        group = item.group
        list.append(element('div', { class: 'quire-menu-heading', role: 'presentation' }, group))
      }
      list.append(this.#row(item, index))
    })
    if (this.#matches.length === 0) {
      list.append(element('div', { class: 'quire-slash-none' }, 'Nothing found'))
    }
    if (this.#shown) {
      this.#shown.list.replaceWith(list)
      this.#shown.list = list
    } else {
      const content = element('div', { class: 'quire-slash-panel' }, list)
      content.addEventListener('mousedown', (event) => event.preventDefault())
      const popover = this.#context.popovers.open({
        anchor: rangeAnchor(this.#view, () => {
          const from = slashKey.getState(this.#view.state)?.from ?? this.#view.state.selection.from
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

  #row(item: SlashItem, index: number): HTMLElement {
    const row = element(
      'div',
      {
        id: `${this.#listId}-${index}`,
        role: 'option',
        class: 'quire-slash-item',
        'aria-selected': 'false',
      },
      element('span', { class: 'quire-slash-icon' }, drawIcon(item.icon)),
      element(
        'span',
        { class: 'quire-slash-text' },
        element('span', {}, item.label),
        item.hint ? element('span', { class: 'quire-slash-hint' }, item.hint) : null,
      ),
      item.key ? element('kbd', { class: 'quire-kbd' }, keyLabel(item.key)) : null,
    )
    row.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'mouse' && this.#chosen !== index) this.#choose(index)
    })
    row.addEventListener('click', () => this.#pick(item))
    return row
  }

  #choose(index: number): void {
    this.#chosen = index
    const rows = this.#shown?.list.querySelectorAll<HTMLElement>('[role="option"]') ?? []
    rows.forEach((row, at) => row.setAttribute('aria-selected', String(at === index)))
    rows[index]?.scrollIntoView?.({ block: 'nearest' })
    const descendant = rows[index]?.id
    if (descendant) this.#view.dom.setAttribute('aria-activedescendant', descendant)
  }

  /** Removes the typed words and makes the change, in one transaction. */
  #pick(item: SlashItem): void {
    const slash = slashKey.getState(this.#view.state)
    if (!slash) return
    const tr = closeSlash(this.#view.state.tr)
    tr.delete(slash.from, this.#view.state.selection.from)
    item.edit?.(tr)
    this.#view.dispatch(tr.scrollIntoView())
    this.#view.focus()
    item.run?.(this.#view)
  }

  /** Somebody pressed elsewhere or opened another panel: the state ends with the screen. */
  #closed(): void {
    if (!this.#shown) return
    this.#shown = null
    if (this.#view.isDestroyed) return
    if (slashKey.getState(this.#view.state)) this.#view.dispatch(closeSlash(this.#view.state.tr))
  }
}
