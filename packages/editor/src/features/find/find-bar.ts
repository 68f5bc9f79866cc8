/**
 * The bar of find and replace: what is looked for, how many there are, and what to put in their place.
 * It hangs under the toolbar and stays while people edit; Escape closes it and goes back to the text.
 */
import { CaseSensitive, ChevronDown, ChevronUp, Regex, Replace, WholeWord, X } from 'lucide'
import { SearchQuery } from 'prosemirror-search'
import type { Command } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { element, listen } from '../../ui/element.ts'
import { drawIcon, type Icon } from '../../ui/icon.ts'
import { attachTooltips } from '../../ui/tooltip.ts'
import { replaceAllMatches, replaceMatch } from './commands.ts'
import { findIn, setQuery } from './find-state.ts'
import { goToMatch } from './go-to-match.ts'
import { indexOf } from './matches.ts'

/** Words that are selected when the bar opens are looked for, unless they are a whole passage. */
const takenCharsMax = 100

const toggles = [
  { name: 'caseSensitive', label: 'Match case', icon: CaseSensitive },
  { name: 'wholeWord', label: 'Whole words', icon: WholeWord },
  { name: 'regexp', label: 'Regular expression', icon: Regex },
] as const

export interface FindBar {
  /** Looks for the selected words, or for those that somebody `typed` before the bar was there. */
  open(options: { readonly replace: boolean; readonly typed?: string }): void
  close(): void
  destroy(): void
}

export function createFindBar(context: EditorContext, view: EditorView): FindBar {
  const input = textInput('Find', 'Find')
  const replacement = textInput('Replace with', 'Replace with')
  const count = element('output', { class: 'quire-find-count', 'aria-live': 'polite' })
  const on = { caseSensitive: false, wholeWord: false, regexp: false }
  const toggleButtons = toggles.map(({ name, label, icon }) => {
    const button = iconButton(label, icon, () => {
      on[name] = !on[name]
      button.setAttribute('aria-pressed', String(on[name]))
      ask()
    })
    button.setAttribute('aria-pressed', 'false')
    return button
  })
  const showReplace = iconButton('Replace', Replace, () => setReplace(!isReplacing))
  const one = action('Replace', () => replace(replaceMatch))
  const all = action('Replace all', () => replaceAll())
  const replaceRow = element('div', { class: 'quire-find-row' }, replacement, one, all)
  const bar = element(
    'div',
    { role: 'search', 'aria-label': 'Find and replace', class: 'quire-find' },
    element(
      'div',
      { class: 'quire-find-row' },
      element('div', { class: 'quire-find-field' }, input, count),
      element(
        'div',
        { class: 'quire-find-buttons' },
        ...toggleButtons,
        iconButton('Previous', ChevronUp, () => run(goToMatch(-1)), 'Shift-Enter'),
        iconButton('Next', ChevronDown, () => run(goToMatch(1)), 'Enter'),
        showReplace,
        iconButton('Close', X, () => close(), 'Escape'),
      ),
    ),
    replaceRow,
  )
  let isOpen = false
  let isReplacing = false

  const query = (): SearchQuery =>
    new SearchQuery({ search: input.value, replace: replacement.value, literal: !on.regexp, ...on })

  /** Looks for what the bar says now, from where the caret is. */
  function ask(): void {
    view.dispatch(setQuery(view.state.tr, query()))
    const { matches } = findIn(view.state)
    if (matches.length > 0 && indexOf(matches, view.state.selection) < 0) run(goToMatch(1))
    refresh()
  }
  const run = (command: Command): void => {
    command(view.state, view.dispatch, view)
    refresh()
  }
  function replace(command: Command): void {
    if (!view.editable) return
    view.dispatch(setQuery(view.state.tr, query()))
    run(command)
  }
  function replaceAll(): void {
    if (!view.editable) return
    view.dispatch(setQuery(view.state.tr, query()))
    const { length } = findIn(view.state).matches
    run(replaceAllMatches)
    context.announce(length === 1 ? '1 replaced' : `${length} replaced`)
  }
  function setReplace(next: boolean): void {
    isReplacing = next && view.editable
    replaceRow.hidden = !isReplacing
    showReplace.setAttribute('aria-pressed', String(isReplacing))
    if (isReplacing && isOpen) replacement.focus()
  }
  /** Writes what the state says; once a frame, and after everything done here. */
  function refresh(): void {
    if (!isOpen) return
    const { query: asked, matches } = findIn(view.state)
    const at = indexOf(matches, view.state.selection)
    const isWrong = input.value !== '' && !asked?.valid
    const words = isWrong
      ? 'Not a pattern'
      : input.value === ''
        ? ''
        : matches.length === 0
          ? 'None'
          : `${at < 0 ? '–' : at + 1} of ${matches.length}`
    if (count.textContent !== words) count.textContent = words
    input.toggleAttribute('aria-invalid', isWrong)
    bar.classList.toggle('is-empty', input.value !== '' && matches.length === 0)
    showReplace.hidden = !view.editable
    if (!view.editable && isReplacing) setReplace(false)
    const disabled = matches.length === 0 ? 'true' : 'false'
    for (const button of [one, all]) button.setAttribute('aria-disabled', disabled)
  }
  function close(): void {
    if (!isOpen) return
    isOpen = false
    bar.remove()
    view.dispatch(setQuery(view.state.tr, new SearchQuery({ search: '' })))
    view.focus()
  }

  const releases = [
    context.frames.on(refresh),
    attachTooltips(bar, context.layer, context.clock),
    listen(input, 'input', ask),
    listen(replacement, 'input', refresh),
    listen(bar, 'keydown', (event) => {
      if (event.isComposing) return
      const isInReplacement = event.target === replacement
      if (event.key === 'Escape') close()
      else if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
      else if (isInReplacement) replace(replaceMatch)
      else run(goToMatch(event.shiftKey ? -1 : 1))
      event.preventDefault()
      event.stopPropagation()
    }),
  ]
  setReplace(false)
  return {
    open({ replace: isAsked, typed = '' }) {
      const { from, to, empty, $from, $to } = view.state.selection
      const words =
        !empty && $from.sameParent($to) ? view.state.doc.textBetween(from, to, '', '') : ''
      if (typed !== '') input.value = typed
      else if (words !== '' && words.length <= takenCharsMax) input.value = words
      if (!isOpen) {
        isOpen = true
        context.panelHost.append(bar)
      }
      setReplace(isAsked || isReplacing)
      ask()
      input.focus()
      if (typed === '') input.select()
    },
    close,
    destroy() {
      isOpen = false
      bar.remove()
      for (const release of releases) release()
    },
  }
}

function textInput(label: string, placeholder: string): HTMLInputElement {
  return element('input', {
    type: 'text',
    class: 'quire-input',
    'aria-label': label,
    placeholder,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'search',
  })
}

function iconButton(label: string, icon: Icon, run: () => void, key?: string): HTMLButtonElement {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'quire-button',
      'aria-label': label,
      'data-tooltip': label,
      'data-key': key,
    },
    drawIcon(icon),
  )
  button.addEventListener('click', run)
  return button
}

function action(label: string, run: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'quire-action' }, label)
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') run()
  })
  return button
}
