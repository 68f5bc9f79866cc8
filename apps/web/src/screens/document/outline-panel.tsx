/**
 * The table of contents beside the sheet, where the window has room for it. Follows the headings with
 * a short delay, because it looks at the whole document; says nothing while there are none.
 */
import type { Editor, OutlineEntry } from '@quire/editor'
import { type ReactNode, useEffect, useState } from 'react'
import './outline-panel.css'

/** Long enough not to be asked with each key of a heading, short enough to seem at once. */
const restMs = 300

function isSame(a: readonly OutlineEntry[], b: readonly OutlineEntry[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ level, text }, i) => level === b[i]?.level && text === b[i]?.text)
  )
}

function useOutline(editor: Editor): readonly OutlineEntry[] {
  const [outline, setOutline] = useState<readonly OutlineEntry[]>([])
  useEffect(() => {
    const look = (): void => {
      timer = undefined
      const next = editor.outline()
      setOutline((now) => (isSame(now, next) ? now : next))
    }
    let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(look)
    const stop = editor.on('change', () => {
      timer ??= setTimeout(look, restMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [editor])
  return outline
}

export function OutlinePanel({ editor }: { readonly editor: Editor }): ReactNode {
  const outline = useOutline(editor)
  if (outline.length < 2) return null
  const top = Math.min(...outline.map(({ level }) => level))
  /** Positions are asked again: an edit since the last look may have moved the heading. */
  const goTo = (index: number): void => {
    const entry = editor.outline()[index]
    if (entry !== undefined) editor.goTo(entry.pos + 1 + entry.text.length)
  }
  return (
    <nav className="outline" aria-label="Contents">
      <p className="outline__title">Contents</p>
      <ol className="outline__list">
        {outline.map(({ level, text }, index) => (
          // The same heading may stand twice; its place in the list is what tells it apart.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <button
              type="button"
              className="outline__entry"
              data-depth={Math.min(3, level - top)}
              title={text}
              onClick={() => goTo(index)}
            >
              {text}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
