/**
 * The panel of a formula: its TeX, how it looks, and what is wrong with it. What colleagues do meanwhile
 * stays; when they take the formula away, the panel goes, too.
 */
import { texCharsMax, texOf } from '@quire/document'
import { Selection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Edit } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'
import { element } from '../../ui/element.ts'
import type { Anchor } from '../../ui/popovers.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { insertAcross } from '../dividers/insert-divider.ts'
import { selectedMath } from './math-plugin.ts'

type MathName = 'math_inline' | 'math_block'

/** Opens the panel of the selected formula; nothing where none is. */
export function openMathEditor(context: EditorContext, view: EditorView): void {
  const selected = selectedMath(view.state.selection)
  if (!selected || !view.editable) return
  const dom = view.nodeDOM(selected.from)
  openPanel(context, view, {
    name: isNode(selected.node, 'math_block') ? 'math_block' : 'math_inline',
    tex: texOf(selected.node),
    anchor: dom instanceof Element ? dom : atSelection(view),
    isThere: () => selectedMath(view.state.selection) !== null,
    write: (tr, tex) => {
      const { from, node } = tr.selection as NonNullable<ReturnType<typeof selectedMath>>
      if (tex === '') tr.deleteSelection()
      else {
        if (tex !== texOf(node)) tr.setNodeAttribute(from, 'tex', tex)
        tr.setSelection(Selection.near(tr.doc.resolve(from + node.nodeSize)))
      }
    },
  })
}

/** Asks for a formula and puts it at the caret. */
export function openNewMath(context: EditorContext, view: EditorView, name: MathName): void {
  if (!view.editable) return
  openPanel(context, view, {
    name,
    tex: '',
    anchor: atSelection(view),
    isThere: () => true,
    write: (tr, tex) => {
      if (tex === '') return
      if (name === 'math_block') insertAcross(name, { tex })(tr)
      else insertInline(tex)(tr)
    },
  })
}

/** Not in code, where it would be letters. */
const insertInline =
  (tex: string): Edit =>
  (tr) => {
    if (!isNode(tr.selection.$from.parent, 'block')) return false
    tr.replaceSelectionWith(nodeTypeIn(tr, 'math_inline').create({ tex }), false)
    return true
  }

const atSelection = (view: EditorView): Anchor => rangeAnchor(view, () => view.state.selection)

interface Panel {
  readonly name: MathName
  readonly tex: string
  readonly anchor: Anchor
  /** Whether what it is about is still there. */
  readonly isThere: () => boolean
  /** Called only while it is. An empty TeX is no formula. */
  readonly write: (tr: Transaction, tex: string) => void
}

let count = 0

function openPanel(context: EditorContext, view: EditorView, panel: Panel): void {
  count += 1
  const isBlock = panel.name === 'math_block'
  const error = element('span', {
    class: 'quire-field-error',
    id: `quire-math-error-${count}`,
    role: 'status',
  })
  const input = element('textarea', {
    class: 'quire-input quire-math-input',
    'aria-label': 'TeX',
    'aria-describedby': error.id,
    rows: isBlock ? 4 : 2,
    maxlength: texCharsMax,
    placeholder: String.raw`\frac{a}{b}`,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    dir: 'ltr',
  })
  input.value = panel.tex
  const preview = element('div', { class: 'quire-math-preview', 'aria-hidden': 'true' })
  const remove =
    panel.tex === '' ? null : element('button', { type: 'button', class: 'quire-action' }, 'Remove')
  const form = element(
    'form',
    { class: 'quire-form', role: 'dialog', 'aria-label': 'Formula' },
    input,
    error,
    preview,
    element(
      'div',
      { class: 'quire-form-actions' },
      remove,
      element('button', { type: 'submit', class: 'quire-action is-primary' }, 'Apply'),
    ),
  )

  const show = (): void => {
    const tex = input.value.trim()
    void import('./draw.ts').then(
      ({ draw }) => {
        if (tex !== input.value.trim()) return
        const wrong = draw(preview, tex, isBlock)
        error.textContent = wrong ?? ''
        if (wrong === null) input.removeAttribute('aria-invalid')
        else input.setAttribute('aria-invalid', 'true')
        popover.update()
      },
      () => {
        error.textContent = 'Formulas cannot be drawn now.'
      },
    )
  }
  const write = (tex: string): void => {
    popover.close()
    if (panel.isThere() && view.editable) {
      const { tr } = view.state
      panel.write(tr, tex)
      view.dispatch(tr.scrollIntoView())
    }
    view.focus()
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    write(input.value.trim())
  })
  remove?.addEventListener('click', () => write(''))
  input.addEventListener('input', show)
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    write(input.value.trim())
  })

  const popover = context.popovers.open({
    anchor: panel.anchor,
    content: form,
    focus: input,
    returnFocus: () => view.focus(),
    onClose: () => stop(),
  })
  const stop = context.frames.on(() => {
    if (!panel.isThere()) popover.close()
  })
  input.select()
  show()
}
