/**
 * The features of the editor, in the one order that matters: the first to handle a key or an event
 * wins. Menus come before keys of places (code, table), those before keys of blocks.
 */
import { dropCursor } from 'prosemirror-dropcursor'
import { gapCursor } from 'prosemirror-gapcursor'
import { commandOf } from './edit.ts'
import type { Feature } from './feature.ts'
import { blockHandlePlugins } from './features/block-handle/handle-plugin.ts'
import { blockKeys } from './features/blocks/keys.ts'
import { calloutBarPlugin } from './features/callouts/callout-plugin.ts'
import { codeBarPlugin } from './features/code/code-plugin.ts'
import { highlightPlugin } from './features/code/highlight.ts'
import { codeKeys } from './features/code/keys.ts'
import { insertPageBreak } from './features/dividers/insert-divider.ts'
import { historyKeys } from './features/history/keys.ts'
import { imageKeys } from './features/images/image-keys.ts'
import { imagePlugin } from './features/images/image-plugin.ts'
import { uploadsPlugin } from './features/images/uploads.ts'
import { askForLink, linkBarPlugin } from './features/links/ask-for-link.ts'
import { heldRangePlugin } from './features/links/held-range.ts'
import { autolinkRule, linkBeforeCaret } from './features/links/autolink.ts'
import { openLinkPlugin } from './features/links/open-link.ts'
import { pasteLinkPlugin } from './features/links/paste-link.ts'
import { announceCompanyPlugin, tellWhereOthersAre } from './features/company/announce.ts'
import { emojiTrigger } from './features/emoji/trigger.ts'
import { findKeys, findPlugins } from './features/find/plugin.ts'
import { blockRules, markRules } from './features/markdown/rules.ts'
import { endKeys } from './features/long-documents/keys.ts'
import { longDocumentPlugin } from './features/long-documents/plugin.ts'
import { markKeys } from './features/marks/keys.ts'
import { mathPlugin } from './features/math/math-plugin.ts'
import { mathKeys, mathRules } from './features/math/rules.ts'
import { mentionPlugin } from './features/mentions/plugin.ts'
import { mentionTrigger } from './features/mentions/trigger.ts'
import { moveBlocks } from './features/moving/move-blocks.ts'
import { pasteCellsPlugin } from './features/paste/paste-cells.ts'
import { pasteMarkdownPlugin } from './features/paste/paste-markdown.ts'
import { pastePlugin } from './features/paste/plugin.ts'
import { placeholderPlugin } from './features/placeholder/plugin.ts'
import { selectionBarPlugin } from './features/selection-bar/selection-plugin.ts'
import { slashTrigger } from './features/slash-menu/trigger.ts'
import { tableKeys, tablePlugins } from './features/tables/plugin.ts'
import { tailPlugin } from './features/tail/plugin.ts'
import { taskPlugin } from './features/tasks/plugin.ts'
import { toggleSelectedTasks } from './features/tasks/toggle-task.ts'
import { foldingPlugin } from './features/toggles/folding.ts'
import { toggleKeys } from './features/toggles/keys.ts'
import { typographyRules } from './features/typography/rules.ts'
import { isNode } from './shape.ts'
import { later } from './ui/later.ts'

/** Before all others, so that everything else measures blocks where they are. */
export const firstFeature: Feature = {
  name: 'long-documents',
  keys: () => endKeys,
  plugins: () => [longDocumentPlugin()],
}

export const features: readonly Feature[] = [
  { name: 'slash-menu', triggers: (context) => [slashTrigger(context)] },
  { name: 'emoji', triggers: () => [emojiTrigger] },
  {
    name: 'mentions',
    triggers: (context) => [mentionTrigger(context)],
    plugins: (context) => [mentionPlugin(context)],
  },
  { name: 'history', keys: historyKeys },
  {
    name: 'company',
    keys: (context) => ({ 'Mod-Alt-w': tellWhereOthersAre(context) }),
    plugins: (context) => [announceCompanyPlugin(context)],
  },
  { name: 'find', keys: () => findKeys, plugins: findPlugins },
  {
    name: 'counts',
    keys: (context) => ({
      'Mod-Shift-c': (_state, dispatch, view) =>
        view !== undefined &&
        (dispatch === undefined ||
          later(context, view.dom, (parts) => parts.openCounts(context, view))),
    }),
  },
  {
    name: 'shortcuts',
    keys: (context) => ({
      'Mod-/': (_state, dispatch) =>
        !dispatch || later(context, context.panelHost, (parts) => parts.openShortcuts(context)),
    }),
  },
  {
    name: 'code',
    keys: () => codeKeys,
    plugins: (context) => [codeBarPlugin(context), highlightPlugin()],
  },
  // Before the tables, which replace whole cells.
  { name: 'paste-cells', plugins: (context) => [pasteCellsPlugin(context)] },
  { name: 'tables', keys: () => tableKeys, plugins: tablePlugins },
  { name: 'toggles', keys: toggleKeys, plugins: () => [foldingPlugin()] },
  {
    name: 'tasks',
    keys: () => ({ 'Mod-Enter': commandOf(toggleSelectedTasks) }),
    plugins: (context) => [taskPlugin(context)],
  },
  {
    name: 'page-breaks',
    keys: () => ({
      'Mod-Enter': commandOf(
        (tr) => isNode(tr.selection.$from.parent, 'block') && insertPageBreak(tr),
      ),
    }),
  },
  {
    name: 'moving',
    keys: ({ othersAt }) => ({
      'Alt-ArrowUp': commandOf(moveBlocks(-1, othersAt)),
      'Alt-ArrowDown': commandOf(moveBlocks(1, othersAt)),
    }),
  },
  {
    name: 'links',
    keys: (context) => ({
      'Mod-k': (_state, dispatch, view) => !dispatch || !view || askForLink(context, view),
      Enter: linkBeforeCaret,
    }),
    rules: () => [autolinkRule],
    plugins: (context) => [
      heldRangePlugin(),
      linkBarPlugin(context),
      pasteLinkPlugin(),
      openLinkPlugin(),
    ],
  },
  { name: 'block-handle', plugins: blockHandlePlugins },
  { name: 'callouts', plugins: (context) => [calloutBarPlugin(context)] },
  {
    name: 'images',
    keys: () => imageKeys,
    plugins: (context) => [uploadsPlugin(context), imagePlugin(context)],
  },
  { name: 'selection-bar', plugins: (context) => [selectionBarPlugin(context)] },
  {
    name: 'format-painter',
    keys: (context) => ({
      'Mod-Alt-Shift-c': (_state, dispatch, view) =>
        !dispatch || !view || later(context, view.dom, (parts) => parts.takeFormat(context)),
      'Mod-Alt-Shift-v': (_state, dispatch, view) =>
        !dispatch || !view || later(context, view.dom, (parts) => parts.giveTaken(context)),
    }),
  },
  { name: 'math', keys: mathKeys, rules: mathRules, plugins: (context) => [mathPlugin(context)] },
  { name: 'marks', keys: () => markKeys },
  { name: 'markdown', rules: () => [...blockRules, ...markRules] },
  {
    name: 'typography',
    rules: ({ language }) => (language === null ? [] : typographyRules(language)),
  },
  { name: 'blocks', keys: () => blockKeys },
  { name: 'paste', plugins: ({ schema }) => [pasteMarkdownPlugin(), pastePlugin(schema)] },
  { name: 'placeholder', plugins: ({ placeholder }) => [placeholderPlugin(placeholder)] },
  { name: 'tail', plugins: () => [tailPlugin()] },
  {
    name: 'cursors',
    plugins: () => [
      gapCursor(),
      dropCursor({ color: false, width: 3, class: 'quire-drop-cursor' }),
    ],
  },
]
