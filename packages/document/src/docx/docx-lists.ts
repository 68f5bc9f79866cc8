/** Lists for Word: which numbering an item has, and where the numbers begin anew. */
import { type INumberingOptions, LevelFormat } from 'docx'
import { indentMax } from '../schema/attributes.ts'
import type { BlockAttributes } from '../schema/block.ts'

/** A place in a list of Word. */
export interface ListPlace {
  readonly reference: string
  readonly level: number
  /** Each list counts by itself. */
  readonly instance: number
}

const levels = Array.from({ length: indentMax + 1 }, (_, level) => level)
const twipsPerLevel = 360

const list = (
  reference: string,
  format: (typeof LevelFormat)[keyof typeof LevelFormat],
  sign: (level: number) => string,
): INumberingOptions['config'][number] => ({
  reference,
  levels: levels.map((level) => ({
    level,
    format,
    text: sign(level),
    style: {
      paragraph: { indent: { left: (level + 1) * 2 * twipsPerLevel, hanging: twipsPerLevel } },
    },
  })),
})

export const numbering: INumberingOptions = {
  config: [
    list('bullet', LevelFormat.BULLET, (level) => ['•', '◦', '▪'][level % 3] ?? '•'),
    list('number', LevelFormat.DECIMAL, (level) => `%${level + 1}.`),
    list('task-open', LevelFormat.BULLET, () => '☐'),
    list('task-done', LevelFormat.BULLET, () => '☑'),
  ],
}

export class ListCounter {
  #instance = 0
  #isOpen = false

  /** The place of a block in a list; undefined for one that is no item, which ends the list. */
  place({ kind, indent, checked }: BlockAttributes): ListPlace | undefined {
    const reference = kind === 'task' ? (checked === true ? 'task-done' : 'task-open') : kind
    if (reference !== 'bullet' && reference !== 'number' && kind !== 'task') {
      // A line that stands in from an item belongs to it, and the list goes on behind it.
      if (indent === 0) this.interrupt()
      return undefined
    }
    if (!this.#isOpen) this.#instance += 1
    this.#isOpen = true
    return { reference, level: indent, instance: this.#instance }
  }

  /** The next item begins another list. */
  interrupt(): void {
    this.#isOpen = false
  }
}
