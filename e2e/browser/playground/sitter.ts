/**
 * One person at the playground. What they do goes through mouse and keyboard; a colleague who never
 * stops typing does so through their own editor (`typesOn`), which needs no second keyboard.
 *
 * Nothing here sleeps: every wait is for a state.
 */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import type { Person, Playground } from '@quire/app-playground/window'

type Links = Playground['links'][number]

export class Sitter {
  readonly name: string
  readonly page: Page
  readonly #index: number

  constructor(page: Page, name: string, index: number) {
    this.page = page
    this.name = name
    this.#index = index
  }

  get window(): FrameLocator {
    return this.page.frameLocator(`iframe[title="${this.name}"]`)
  }

  get paper(): Locator {
    return this.window.locator('.ProseMirror')
  }

  /** The carets of others, as this person sees them. */
  caretOf(other: Sitter): Locator {
    return this.window.locator('.quire-caret').filter({ hasText: other.name })
  }

  /** Asks something of this person, in the page around. */
  async ask<Answer>(question: (person: Person) => Answer): Promise<Answer> {
    const handle = await this.page.evaluateHandle(
      (index) => window.playground?.people[index] as Person,
      this.#index,
    )
    const answer = await handle.evaluate(question as (person: Person) => unknown)
    await handle.dispose()
    return answer as Answer
  }

  /** The top blocks as texts. */
  async lines(): Promise<string[]> {
    return this.ask(({ editor }) => editor.view.state.doc.children.map((node) => node.textContent))
  }

  async selection(): Promise<{ from: number; to: number; text: string }> {
    return this.ask(({ editor }) => {
      const { doc, selection } = editor.view.state
      const { from, to } = selection
      return { from, to, text: doc.textBetween(from, to, '\n') }
    })
  }

  /** A click into the window, so that it has the keyboard, and the caret beside the first place of `text`. */
  async caret(side: 'before' | 'after' | 'all', text: string): Promise<void> {
    await this.window.locator('body').evaluate(
      (_body, { text, side }) => {
        const { person } = window
        if (person === undefined) throw new Error('nobody sits here')
        const { view } = person.editor
        const { doc } = view.state
        let from = -1
        doc.descendants((node, pos) => {
          if (from >= 0 || !node.isTextblock) return from < 0
          const at = node.textBetween(0, node.content.size, undefined, '\ufffc').indexOf(text)
          if (at >= 0) from = pos + 1 + at
          return false
        })
        if (from < 0) throw new Error(`"${text}" is not in the document`)
        const to = from + text.length
        // A text selection can be read from JSON without importing its class here.
        const Selection = Object.getPrototypeOf(view.state.selection.constructor) as {
          fromJSON(doc: unknown, json: unknown): typeof view.state.selection
        }
        const anchor = side === 'after' ? to : from
        const head = side === 'before' ? from : to
        view.focus()
        const selection = Selection.fromJSON(doc, { type: 'text', anchor, head })
        view.dispatch(view.state.tr.setSelection(selection).scrollIntoView())
      },
      { text, side },
    )
    await expect.poll(() => this.ask(({ editor }) => editor.view.hasFocus())).toBe(true)
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key)
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }

  /** From now on types without end, where the caret is, a letter every few milliseconds. */
  async typesOn(text = 'abcdefghij ', everyMs = 4): Promise<void> {
    await this.page.evaluate(
      ({ index, text, everyMs }) => {
        window.playground?.people[index]?.typist.start({ everyMs, text })
      },
      { index: this.#index, text, everyMs },
    )
    await this.hasTypedMore(1)
  }

  async stops(): Promise<void> {
    await this.ask(({ typist }) => typist.stop())
  }

  /** Waits until that many more letters are typed, and whoever can be reached has them. */
  async hasTypedMore(count: number): Promise<void> {
    await this.page.evaluate(
      async ({ index, count }) => {
        const { playground } = window
        const person = playground?.people[index]
        if (!playground || !person) throw new Error('nobody sits here')
        const wanted = person.typist.count + count
        await new Promise<void>((resolve) => {
          const look = (): void => {
            if (person.typist.count >= wanted) resolve()
            else requestAnimationFrame(look)
          }
          look()
        })
        const clock = person.inside().clocks.find(([id]) => id === person.doc.clientID)?.[1] ?? 0
        const isReached = (i: number): boolean => {
          const knobs = playground.links[i]?.knobs
          return knobs?.isCut === false && !knobs.isHeld
        }
        if (!isReached(index)) return
        const others = playground.people.filter((_, i) => isReached(i))
        await new Promise<void>((resolve) => {
          const look = (): void => {
            const has = (other: Person): boolean =>
              other
                .inside()
                .clocks.some(([id, known]) => id === person.doc.clientID && known >= clock)
            if (others.every(has)) resolve()
            else requestAnimationFrame(look)
          }
          look()
        })
      },
      { index: this.#index, count },
    )
  }

  /** Turns the knobs of this person's link. */
  async link(knobs: Partial<Links['knobs']>): Promise<void> {
    await this.page.evaluate(({ index, knobs }) => window.playground?.links[index]?.set(knobs), {
      index: this.#index,
      knobs,
    })
  }
}
