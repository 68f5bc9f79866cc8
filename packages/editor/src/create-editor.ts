/**
 * createEditor: the whole editor in one element, over a Y.Doc that somebody else keeps in sync. It
 * opens no socket, injects no styles and writes nothing to the document by itself.
 *
 * 1. `destroy` is idempotent and leaves no listener, timer or element behind.
 * 2. The document is changed only by what a person does in it.
 * 3. Content this version does not know is locked, block by block where it can be, instead of being removed.
 */
import { Disposer, systemClock, unreachable } from '@quire/base'
import { schemaWith } from '@quire/document'
import { type BindingState, createBinding, isFromElsewhere } from '@quire/binding'
import { EditorState, Selection } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import type { Awareness } from 'y-protocols/awareness'
import type { Doc } from 'yjs'
import { createCommands, type EditorCommands } from './commands.ts'
import { createFrame, type Font, type Theme, type ToolbarPlace } from './editor-frame.ts'
import { featureCommands, featuresWith, pluginsOf } from './compose-features.ts'
import type { EditorContext, Feature, Upload } from './feature.ts'
import { companyOf } from './features/company/company.ts'
import { type Counts, countsIn } from './features/counts/counts.ts'
import { othersAt } from './features/moving/others-at.ts'
import type { Mentions } from './features/mentions/mentions.ts'
import { type OutlineEntry, outlineOf } from './features/outline/outline.ts'
import { mountToolbar } from './features/toolbar/toolbar.ts'
import { Frames } from './ui/frames.ts'
import { fetchWhenIdle } from './ui/later.ts'
import { Popovers } from './ui/popovers.ts'

/** Who writes here, as colleagues see it beside the caret. */
export interface EditorUser {
  readonly name: string
  /** `#rrggbb`. */
  readonly color: string
}

export interface EditorOptions {
  readonly doc: Doc
  /** Carets of colleagues; without it one writes unseen. */
  readonly awareness?: Awareness
  readonly user?: EditorUser
  /** True unless said otherwise. A view-only editor still shows colleagues. */
  readonly editable?: boolean
  readonly placeholder?: string
  /** `top` (in the editor, sticky), `none`, or an element of the page that takes it. */
  readonly toolbar?: ToolbarPlace
  /** `auto` follows the system and is the default. */
  readonly theme?: Theme
  readonly font?: Font
  /** Stores an image and answers with its address. Without it images come by address only. */
  readonly upload?: Upload
  /** Whom and what `@` offers beside the people who are here, and what a press on a mention does. */
  readonly mentions?: Mentions
  /** Features of others: nodes, marks, commands, keys, rules, entries of menus. Everybody who edits the document should have the same; see `schemaHashOf`. */
  readonly features?: readonly Feature[]
  /** What screen readers call the text field. */
  readonly label?: string
  /** Language of the text (`de`, `en-GB`), for quotation marks and the like; by default that of the page, else of the browser. Null leaves everything as it is typed. */
  readonly language?: string | null
}

export type LockedExtent = 'blocks' | 'document'

export interface EditorEvents {
  /** The document changed, by anybody. At most once per animation frame; a colleague's change is told within a tenth of a second. */
  change: () => void
  /** The selection or what the toolbar shows may have changed. As often as `change`. */
  selection: () => void
  /**
   * What of the document this version does not know, by name, has changed. `blocks`: each such block is
   * locked, and everything else can be edited. `document`: nothing can. No names: nothing is locked any more.
   */
  locked: (unknown: readonly string[], extent: LockedExtent) => void
}

export interface Editor {
  readonly view: EditorView
  readonly commands: EditorCommands
  /** Runs a command of a feature and says whether it applied; never in a view-only editor. Throws a RangeError when no feature has one of that name. */
  run(command: string): boolean
  undo(): boolean
  redo(): boolean
  focus(): void
  setEditable(editable: boolean): void
  setUser(user: EditorUser): void
  setTheme(theme: Theme): void
  /** Calls `listener` on every such event until the returned function is called. */
  on<Name extends keyof EditorEvents>(name: Name, listener: EditorEvents[Name]): () => void
  /** The headings, for a table of contents. Looks at every block: ask after a pause, not at every `change`. */
  outline(): readonly OutlineEntry[]
  /** Puts the caret at `pos`, brings it into sight and takes the focus. A position that is gone counts as the nearest. */
  goTo(pos: number): void
  /** Words and characters of the whole document. */
  counts(): Counts
  /** The document as ProseMirror JSON. */
  json(): unknown
  /** Puts other content in the place of all, as one edit of this person that can be undone. Throws a RangeError for what is no document of the schema; changes nothing then. */
  replaceContent(json: unknown): void
  destroy(): void
}

/**
 * Makes an editor in `element`, after what is already there. Throws a RangeError when two features bring
 * something of one name, and what a feature throws; nothing is left in `element` then.
 */
export function createEditor(element: HTMLElement, options: EditorOptions): Editor {
  const disposer = new Disposer()
  try {
    return openEditor(element, options, disposer)
  } catch (error) {
    disposer.dispose()
    throw error
  }
}

function openEditor(element: HTMLElement, options: EditorOptions, disposer: Disposer): Editor {
  const features = featuresWith(options.features ?? [])
  const schema = schemaWith(features)
  const frame = createFrame(element, options.toolbar ?? 'top', {
    theme: options.theme ?? 'auto',
    font: options.font ?? 'sans',
  })
  disposer.add(() => frame.remove())
  const frames = new Frames(systemClock)
  disposer.add(() => frames.stop())

  const { doc, awareness, user } = options
  const binding = createBinding({
    doc,
    schema,
    ...(awareness && { awareness }),
    ...(user && { user }),
  })
  disposer.add(() => binding.destroy())
  const popovers = new Popovers({ layer: frame.layer, focusEditor: () => view.focus() })
  disposer.add(() => popovers.close())
  const context: EditorContext = {
    schema,
    root: frame.root,
    layer: frame.layer,
    panelHost: frame.panelHost,
    frames,
    popovers,
    history: binding,
    clock: systemClock,
    upload: options.upload ?? null,
    mentions: options.mentions ?? {},
    language: options.language === undefined ? languageOf(element) : options.language,
    placeholder: options.placeholder ?? 'Write something, or press “/” for blocks',
    company: awareness ? companyOf(awareness, () => view, doc) : null,
    slashItems: () => features.flatMap((feature) => feature.slashItems?.(context) ?? []),
    toolbarItems: () => features.flatMap((feature) => feature.toolbarItems?.(context) ?? []),
    othersAt: () => (awareness ? othersAt(view, doc, awareness) : []),
    view: () => view,
    announce: (text) => frame.announce(text),
  }

  const commands = featureCommands(context, features)
  let isEditable = options.editable ?? true
  const listeners: { [Name in keyof EditorEvents]: Set<EditorEvents[Name]> } = {
    change: new Set(),
    selection: new Set(),
    locked: new Set(),
  }
  let isChanged = false
  const view: EditorView = new EditorView(frame.page, {
    state: EditorState.create({
      doc: binding.initialDoc,
      plugins: pluginsOf(context, features, binding.plugins),
    }),
    // The binding adds its own no while the document is locked.
    editable: () => isEditable,
    attributes: () => ({
      class: 'quire-content',
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': options.label ?? 'Document',
      'aria-readonly': String(!isEditable),
      spellcheck: 'true',
    }),
    // `this`, not `view`: the binding renders the document while the view is still being made.
    dispatchTransaction(this: EditorView, tr) {
      this.updateState(this.state.apply(tr))
      if (tr.docChanged) isChanged = true
      // An open panel may hang on words that a colleague has just shifted.
      if (isFromElsewhere(tr) && popovers.current === null) frames.requestLate()
      else frames.request()
    },
  })
  // Released in the opposite order: the view goes first, so that its plugins let go of the document.
  disposer.add(binding.attach(view))
  disposer.add(() => view.destroy())
  if (frame.toolbarHost) disposer.add(mountToolbar(frame.toolbarHost, context))

  disposer.add(fetchWhenIdle(element.ownerDocument.defaultView))
  disposer.add(
    frames.on(() => {
      for (const listener of listeners.selection) listener()
      if (!isChanged) return
      isChanged = false
      for (const listener of listeners.change) listener()
    }),
  )
  const refreshEditable = (): void => {
    view.setProps({})
    frames.request()
  }
  disposer.add(
    binding.on('state', (state) => {
      refreshEditable()
      if (state.kind === 'locked') {
        frame.announce('This document needs a newer version. It can be read, not changed.')
      } else if (state.kind === 'partly-locked') {
        frame.announce('Parts of this document need a newer version. They are locked.')
      }
      for (const listener of listeners.locked) tellLocked(listener, state)
    }),
  )
  disposer.add(
    binding.on('refused', () => {
      frame.announce('Locked parts can be neither changed nor removed here.')
    }),
  )

  return {
    view,
    commands: createCommands(context, view),
    run(name) {
      const command = commands.get(name)
      if (!command) throw new RangeError(`no feature has a command ${name}`)
      return view.editable && command(view.state, view.dispatch, view)
    },
    undo: () => binding.undo(view.state, view.dispatch, view),
    redo: () => binding.redo(view.state, view.dispatch, view),
    focus: () => view.focus(),
    setEditable(editable) {
      isEditable = editable
      refreshEditable()
    },
    setUser: (next) =>
      awareness?.setLocalStateField('user', { name: next.name, color: next.color }),
    setTheme(theme) {
      frame.root.dataset['theme'] = theme
      if (frame.toolbarHost?.dataset['theme']) frame.toolbarHost.dataset['theme'] = theme
    },
    on(name, listener) {
      listeners[name].add(listener)
      // Locked before anybody could listen: told as soon as somebody does.
      if (name === 'locked' && binding.state.kind !== 'ready') {
        tellLocked(listener as EditorEvents['locked'], binding.state)
      }
      return () => listeners[name].delete(listener)
    },
    outline: () => outlineOf(view.state.doc),
    goTo(pos) {
      const { doc, tr } = view.state
      const $pos = doc.resolve(Math.max(0, Math.min(pos, doc.content.size)))
      view.focus()
      view.dispatch(tr.setSelection(Selection.near($pos, 1)).scrollIntoView())
    },
    counts: () => countsIn(view.state.doc),
    json: () => view.state.doc.toJSON(),
    replaceContent(json) {
      const { schema, doc, tr } = view.state
      const next = schema.nodeFromJSON(json)
      next.check()
      view.dispatch(tr.replaceWith(0, doc.content.size, next.content))
    },
    destroy: () => disposer.dispose(),
  }
}

function languageOf(element: HTMLElement): string {
  const said = element.closest('[lang]')?.getAttribute('lang')
  return said || element.ownerDocument.defaultView?.navigator.language || 'en'
}

function tellLocked(listener: EditorEvents['locked'], state: BindingState): void {
  switch (state.kind) {
    case 'ready':
      return listener([], 'blocks')
    case 'partly-locked':
      return listener(state.unknown, 'blocks')
    case 'locked':
      return listener(state.unknown, 'document')
    default:
      return unreachable(state)
  }
}
