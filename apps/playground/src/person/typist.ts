/**
 * Types through a real editor, letter by letter where its caret is, as a colleague would who never
 * stops. Takes the way of a key: input rules and plugins hear each letter.
 */
import type { Clock, Timer } from '@quire/base'
import type { Editor } from '@quire/editor'

export interface TypingPace {
  readonly everyMs: number
  /** Typed again and again. Without a line break everything stays in one block. */
  readonly text: string
}

const sentences =
  'The ferry leaves at seven. We take the long way, past the lighthouse, and come back before dark.\nBring bread, a rope and the good map. '

/** An unhurried person with something to say. */
const unhurried: TypingPace = { everyMs: 110, text: sentences }

export class Typist {
  readonly #editor: Editor
  readonly #clock: Clock
  #timer: Timer | null = null
  #count = 0

  constructor(editor: Editor, clock: Clock) {
    this.#editor = editor
    this.#clock = clock
  }

  get isTyping(): boolean {
    return this.#timer !== null
  }

  /** Letters typed so far. */
  get count(): number {
    return this.#count
  }

  start({ everyMs, text }: TypingPace = unhurried): void {
    this.stop()
    const again = (): void => {
      this.#timer = this.#clock.after(everyMs, () => {
        again()
        this.#type(text[this.#count % text.length] ?? '')
      })
    }
    again()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = null
  }

  #type(letter: string): void {
    const { view } = this.#editor
    if (!view.editable) return
    this.#count += 1
    if (letter === '\n') {
      const enter = new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true })
      view.someProp('handleKeyDown', (handle) => handle(view, enter))
      return
    }
    const { from, to } = view.state.selection
    const insert = () => view.state.tr.insertText(letter, from, to)
    const isTaken = view.someProp('handleTextInput', (handle) =>
      handle(view, from, to, letter, insert),
    )
    if (!isTaken) view.dispatch(insert())
  }
}
