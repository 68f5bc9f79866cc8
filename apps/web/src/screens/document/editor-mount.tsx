/**
 * The editor in its place. It is made once for an open document and its two elements; everything
 * that changes later is told to it, never a reason to make it anew.
 */
import { createEditor, type Editor, type LockedExtent } from '@quire/editor'
import '@quire/editor/style.css'
import './math-font.css'
import { type ReactNode, type RefObject, useEffect, useEffectEvent, useRef } from 'react'
import { uploadFile } from '../../api/files.ts'
import { takeImport } from '../../files/imports.ts'
import { useOwnProfile } from '../../identity/profile.ts'
import { useTheme } from '../../theme.ts'
import { useLocation } from 'wouter'
import { encodeStateAsUpdate } from 'yjs'
import { documentMentions } from './mentions.ts'
import type { OpenDocument } from './open-document.ts'
import { keepSelectionApart } from './selection-apart.ts'

declare global {
  interface Window {
    /** For support and for browser tests: what this page works with. */
    quire?: Pick<OpenDocument, 'doc' | 'provider'> & {
      readonly editor: Editor
      /** The whole document as one Yjs update. */
      encode(): Uint8Array
    }
  }
}

/** Whether the reader has just made this document: then they want to write, not to look. */
function isNewDocument(): boolean {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null && 'isNew' in state
}

interface Props {
  readonly open: OpenDocument
  readonly toolbar: RefObject<HTMLElement | null>
  readonly editable: boolean
  readonly onEditor: (editor: Editor | undefined) => void
  readonly onLocked: (unknown: readonly string[], extent: LockedExtent) => void
}

export function EditorMount({ open, toolbar, editable, onEditor, onLocked }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor>(undefined)
  const profile = useOwnProfile()
  const [, navigate] = useLocation()
  const theme = useTheme()

  // Read once, when the editor is made; what changes later is told to the living one below.
  const make = useEffectEvent((element: HTMLElement, bar: HTMLElement): (() => void) => {
    const { doc, awareness, provider } = open
    const made = createEditor(element, {
      doc,
      awareness,
      user: profile,
      editable,
      toolbar: bar,
      theme,
      upload: uploadFile,
      mentions: documentMentions(open.documentId, navigate),
      label: 'Document',
      placeholder: 'Write something, or press / for more',
    })
    keepSelectionApart(made.view.dom)
    const offLocked = made.on('locked', onLocked)
    editor.current = made
    window.quire = { doc, provider, editor: made, encode: () => encodeStateAsUpdate(doc) }
    onEditor(made)
    const imported = takeImport(open.documentId)
    if (imported !== undefined) made.replaceContent(imported)
    if (isNewDocument()) made.focus()
    return () => {
      offLocked()
      delete window.quire
      editor.current = undefined
      onEditor(undefined)
      made.destroy()
    }
  })
  useEffect(() => {
    if (host.current !== null && toolbar.current !== null) {
      return make(host.current, toolbar.current)
    }
    return undefined
  }, [open, toolbar])

  useEffect(() => editor.current?.setUser(profile), [profile])
  useEffect(() => editor.current?.setEditable(editable), [editable])
  useEffect(() => editor.current?.setTheme(theme), [theme])

  // Wherever the focus is on the page: the browser's own search does not reach what is out of sight.
  useEffect(() => {
    const find = (event: KeyboardEvent): void => {
      const isMod = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
      if (!isMod || event.key !== 'f' || event.defaultPrevented) return
      if (editor.current?.commands.find()) event.preventDefault()
    }
    document.addEventListener('keydown', find)
    return () => document.removeEventListener('keydown', find)
  }, [])

  return <div className="editor-host" ref={host} />
}
