/**
 * Code in colours, by decorations: the document stores only the name of a language. The grammars are
 * fetched when the first code with a known language is in sight of the editor.
 *
 * 1. A change costs the code blocks that it touches, never a look at the others.
 * 2. Code that is too long for colours while typing stays plain.
 */
import { changedChildren } from '@quire/binding'
import { Plugin, PluginKey, type EditorState, type Transaction } from 'prosemirror-state'
import type { Node } from 'prosemirror-model'
import { AttrStep } from 'prosemirror-transform'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'
import { isNode } from '../../shape.ts'
import { languageOf } from './languages.ts'

/** A run of code and what it is, as offsets in its block. */
interface Token {
  readonly from: number
  readonly to: number
  readonly name: string
}

/** Reads a whole block with each key in it: some milliseconds at this length. */
const codeCharsMax = 20_000

type Grammar = (language: string, code: string) => readonly Token[]

let grammar: Grammar | null = null
let loading: Promise<void> | null = null

/** Resolves when the grammars are there; when they cannot be fetched, code stays plain and the next one asks again. */
function load(): Promise<void> {
  loading ??= import('lowlight').then(
    ({ common, createLowlight }) => {
      const lowlight = createLowlight(common)
      grammar = (language, code) =>
        lowlight.registered(language) ? tokensIn(lowlight.highlight(language, code)) : []
    },
    () => {
      loading = null
    },
  )
  return loading
}

interface Tree {
  readonly type: string
  readonly value?: string
  readonly properties?: { readonly className?: unknown }
  readonly children?: readonly Tree[]
}

/** The runs of a highlighted tree; of nested ones the innermost counts. */
function tokensIn(root: Tree): Token[] {
  const tokens: Token[] = []
  let at = 0
  const visit = (tree: Tree, name: string | null): void => {
    if (tree.type === 'text') {
      const length = tree.value?.length ?? 0
      if (name !== null && length > 0) tokens.push({ from: at, to: at + length, name })
      at += length
      return
    }
    const { className } = tree.properties ?? {}
    const own = Array.isArray(className) ? String(className[0] ?? '') : ''
    for (const child of tree.children ?? []) visit(child, own === '' ? name : own)
  }
  visit(root, null)
  return tokens
}

const remembered = new WeakMap<Node, readonly Token[]>()

function tokensOf(code: Node): readonly Token[] {
  const known = remembered.get(code)
  if (known) return known
  const language = languageOf(String(code.attrs['language'] ?? ''))
  if (!grammar || language === undefined || code.content.size > codeCharsMax) return []
  const tokens = grammar(language, code.textContent)
  remembered.set(code, tokens)
  return tokens
}

const highlightKey = new PluginKey<DecorationSet>('quire-highlight')

export function highlightPlugin(): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: highlightKey,
    state: {
      init: (_config, { doc }) => allOf(doc),
      apply(tr, set, _before, state) {
        if (tr.getMeta(highlightKey) === 'loaded') return allOf(state.doc)
        return tr.docChanged ? changed(tr, set) : set
      },
    },
    props: { decorations: (state: EditorState) => highlightKey.getState(state) },
    view: (view) => {
      // A document without code never asks, and one with some asks once.
      const ask = (blocks: readonly Node[]): void => {
        if (grammar || loading || !hasKnownCode(blocks)) return
        void load().then(() => {
          if (!view.isDestroyed && grammar) refresh(view)
        })
      }
      ask(view.state.doc.children)
      if (loading && !grammar) void loading.then(() => !view.isDestroyed && refresh(view))
      return {
        update: (_view, before) => {
          const { doc } = view.state
          if (grammar || before.doc === doc) return
          const { left, right } = changedChildren(before.doc, doc)
          ask(doc.children.slice(left, doc.childCount - right))
        },
      }
    },
  })
}

function refresh(view: EditorView): void {
  view.dispatch(view.state.tr.setMeta(highlightKey, 'loaded'))
}

/** Top-level blocks only: code in a table waits for one outside of it. */
function hasKnownCode(blocks: readonly Node[]): boolean {
  return blocks.some(
    (block) =>
      isNode(block, 'code_block') &&
      languageOf(String(block.attrs['language'] ?? '')) !== undefined,
  )
}

function allOf(doc: Node): DecorationSet {
  if (!grammar) return DecorationSet.empty
  const marks: Decoration[] = []
  doc.descendants((node, pos) => {
    if (isNode(node, 'code_block')) marks.push(...marksOf(node, pos))
    return !node.isTextblock
  })
  return DecorationSet.create(doc, marks)
}

/** The same marks, with those of touched code drawn anew. */
function changed(tr: Transaction, set: DecorationSet): DecorationSet {
  let next = set.map(tr.mapping, tr.doc)
  if (!grammar) return next
  const touched = new Map<number, Node>()
  const touch = (step: number, start: number, end: number): void => {
    const rest = tr.mapping.slice(step + 1)
    const from = Math.max(0, rest.map(start, -1) - 1)
    const to = Math.min(tr.doc.content.size, rest.map(end, 1) + 1)
    tr.doc.nodesBetween(from, to, (node, pos) => {
      if (isNode(node, 'code_block')) touched.set(pos, node)
      return !node.isTextblock
    })
  }
  tr.steps.forEach((step, index) => {
    // The language is an attribute, and changing one moves nothing.
    if (step instanceof AttrStep) touch(index, step.pos, step.pos + 1)
    else step.getMap().forEach((_from, _to, start, end) => touch(index, start, end))
  })
  for (const [pos, code] of touched) {
    next = next.remove(next.find(pos, pos + code.nodeSize)).add(tr.doc, marksOf(code, pos))
  }
  return next
}

const marksOf = (code: Node, pos: number): Decoration[] =>
  tokensOf(code).map(({ from, to, name }) =>
    Decoration.inline(pos + 1 + from, pos + 1 + to, { class: `quire-${name}` }),
  )
