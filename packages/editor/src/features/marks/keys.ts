/** Shortcuts for character formatting, the ones of Google Docs where it has one. */
import type { Command } from 'prosemirror-state'
import { resizeBy } from '../fonts/commands.ts'
import { clearFormatting, toggleMark } from './commands.ts'

export const markKeys: Readonly<Record<string, Command>> = {
  'Mod-b': toggleMark('bold'),
  'Mod-B': toggleMark('bold'),
  'Mod-i': toggleMark('italic'),
  'Mod-I': toggleMark('italic'),
  'Mod-u': toggleMark('underline'),
  'Mod-U': toggleMark('underline'),
  'Mod-Shift-x': toggleMark('strike'),
  'Mod-Shift-s': toggleMark('strike'),
  'Alt-Shift-5': toggleMark('strike'),
  'Mod-e': toggleMark('code'),
  'Mod-.': toggleMark('superscript'),
  'Mod-,': toggleMark('subscript'),
  'Mod-Shift-.': resizeBy(1),
  'Mod-Shift-,': resizeBy(-1),
  'Mod-\\': clearFormatting,
}
