/**
 * What the features of one editor bring, joined: a schema, plugins, commands, and entries of the slash
 * menu and the toolbar. Quire's own features and those of others come through here alike.
 *
 * 1. Features of others come before Quire's own, so that they can answer a key or an event first.
 * 2. No name is taken twice: neither of a feature, nor of a node, a mark or a command.
 */
import { schemaHash, schemaWith } from '@quire/document'
import { baseKeymap } from 'prosemirror-commands'
import { inputRules } from 'prosemirror-inputrules'
import { keymap } from 'prosemirror-keymap'
import type { Schema } from 'prosemirror-model'
import type { Command, Plugin } from 'prosemirror-state'
import type { EditorContext, Feature } from './feature.ts'
import { features as own, firstFeature } from './features.ts'
import { suggestMenuPlugin } from './features/suggest/suggest-menu.ts'
import { suggestStatePlugin } from './features/suggest/suggest-state.ts'
import { keyboardExitPlugin } from './keyboard-exit.ts'
import { returningFocusPlugin } from './returning-focus.ts'

/** All features of an editor, in the order in which they are asked. Throws a RangeError for a name that is taken. */
export function featuresWith(others: readonly Feature[]): readonly Feature[] {
  const all = [firstFeature, ...others, ...own]
  noneTwice(
    'feature',
    all.map(({ name }) => name),
  )
  return all
}

/** What an editor with these features of others can hold; for `schemaHash`, before there is an editor. */
function schemaOf(others: readonly Feature[]): Schema {
  return schemaWith(featuresWith(others))
}

/** What a provider tells the server, so that people learn when somebody edits with other features. */
export function schemaHashOf(others: readonly Feature[]): string {
  return schemaHash(schemaOf(others))
}

export function pluginsOf(
  context: EditorContext,
  features: readonly Feature[],
  binding: readonly Plugin[],
): Plugin[] {
  const bringing = features.flatMap((feature) => {
    const keys = feature.keys?.(context)
    return [...(keys ? [keymap({ ...keys })] : []), ...(feature.plugins?.(context) ?? [])]
  })
  const rules = features.flatMap((feature) => feature.rules?.(context) ?? [])
  const triggers = features.flatMap((feature) => feature.triggers?.(context) ?? [])
  // An open list of suggestions comes before everything else that hears keys and letters.
  const first = [
    returningFocusPlugin(context.clock),
    keyboardExitPlugin(),
    suggestMenuPlugin(context),
    suggestStatePlugin(triggers),
  ]
  return [...binding, ...first, inputRules({ rules }), ...bringing, keymap(baseKeymap)]
}

/** The commands of features, by name. Throws a RangeError for a name that is taken. */
export function featureCommands(
  context: EditorContext,
  features: readonly Feature[],
): ReadonlyMap<string, Command> {
  const all = features.flatMap((feature) => Object.entries(feature.commands?.(context) ?? {}))
  noneTwice(
    'command',
    all.map(([name]) => name),
  )
  return new Map(all)
}

function noneTwice(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new RangeError(`two features bring the ${what} ${twice}`)
}
