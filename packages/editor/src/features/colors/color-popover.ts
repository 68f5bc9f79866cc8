/** The palette of text colours or highlights: a grid of named swatches and "none". */
import type { EditorContext } from '../../feature.ts'
import { element, focusedElement } from '../../ui/element.ts'
import { highlightColors, type Swatch, textColors } from './palette.ts'

const columns = 5

interface ColorChoice {
  readonly label: string
  readonly noneLabel: string
  /** How a swatch looks: a coloured letter or a coloured ground. */
  readonly look: 'letter' | 'ground'
  readonly swatches: readonly Swatch[]
}

const choices: Readonly<Record<'color' | 'highlight' | 'cell', ColorChoice>> = {
  color: {
    label: 'Text colour',
    noneLabel: 'Default',
    look: 'letter',
    swatches: textColors,
  },
  highlight: {
    label: 'Highlight',
    noneLabel: 'No highlight',
    look: 'ground',
    swatches: highlightColors,
  },
  cell: {
    label: 'Cell colour',
    noneLabel: 'No colour',
    look: 'ground',
    swatches: highlightColors,
  },
}

export interface PaletteOptions {
  /** What the colour is for. */
  readonly choice: keyof typeof choices
  readonly button: HTMLElement
  readonly current: string | null
  readonly takeFocus: boolean
  readonly onPick: (color: string | null) => void
}

/** Opens the palette at `button`. With `takeFocus` the current colour gets the keyboard focus. */
export function openColorPopover(context: EditorContext, options: PaletteOptions): void {
  const { button, current } = options
  const choice = choices[options.choice]
  const pick = (color: string | null): void => {
    popover.close()
    options.onPick(color)
  }
  const grid = element('div', {
    class: 'quire-swatches',
    role: 'radiogroup',
    'aria-label': choice.label,
  })
  for (const swatch of choice.swatches) {
    grid.append(swatchButton(swatch, choice, current === swatch.color, pick))
  }
  const none = element(
    'button',
    { type: 'button', class: 'quire-menu-item', 'aria-pressed': String(current === null) },
    choice.noneLabel,
  )
  none.addEventListener('click', () => pick(null))
  const content = element(
    'div',
    { class: 'quire-palette', role: 'dialog', 'aria-label': choice.label },
    grid,
    none,
  )
  content.addEventListener('mousedown', (event) => event.preventDefault())
  content.addEventListener('keydown', (event) => moveInGrid(content, event))
  button.setAttribute('aria-expanded', 'true')
  const chosen = content.querySelector<HTMLElement>('[aria-checked="true"]') ?? none
  const popover = context.popovers.open({
    anchor: button,
    owner: button,
    content,
    focus: options.takeFocus ? chosen : null,
    onClose: () => button.setAttribute('aria-expanded', 'false'),
  })
}

function swatchButton(
  swatch: Swatch,
  choice: ColorChoice,
  isChosen: boolean,
  pick: (color: string) => void,
): HTMLElement {
  const button = element('button', {
    type: 'button',
    role: 'radio',
    class: `quire-swatch is-${choice.look}`,
    'aria-label': swatch.name,
    'aria-checked': String(isChosen),
    title: swatch.name,
  })
  button.style.setProperty('--quire-swatch', swatch.color)
  button.append(element('span', { 'aria-hidden': 'true' }, choice.look === 'letter' ? 'A' : ''))
  button.addEventListener('click', () => pick(swatch.color))
  return button
}

/** Arrow keys walk through the grid and on to "none". */
function moveInGrid(content: HTMLElement, event: KeyboardEvent): void {
  const buttons = [...content.querySelectorAll<HTMLButtonElement>('button')]
  const at = buttons.indexOf(focusedElement(content) as HTMLButtonElement)
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
  }
  const step = steps[event.key]
  if (step === undefined || at < 0) return
  event.preventDefault()
  buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus()
}
