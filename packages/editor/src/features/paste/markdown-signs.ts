/** Whether plain text is Markdown: only where its signs would be odd in ordinary text. */

/** More is pasted as it is: to read it would hold up the page. */
const charsMax = 200_000

const signs: readonly RegExp[] = [
  // A heading with a line of its own; a comment of a program has its program next to it.
  /(?:^|\n\n)#{1,6} [^\n]+(?:\n\n|\n?$)/,
  /(?:^|\n)(?:```|~~~)[^\n`]*\n[^]*\n(?:```|~~~)\s*(?:\n|$)/,
  /(?:^|\n)\|[^\n]+\|\n\|[ :|-]+\|\n/,
  /(?:^|\n)\s*[-*+] \[[ xX]\] \S/,
  /(?:^|\n)[-*+] \S[^\n]*\n(?:\s*\n)?\s*[-*+] \S/,
  /(?:^|\n)1[.)] \S[^\n]*\n(?:\s*\n)?\s*2[.)] \S/,
  /(?:^|\n)> \S/,
  /(?:^|[\s(])\*\*(?=\S)[^\n*]{1,200}(?<=\S)\*\*(?=[\s.,;:!?)]|$)/,
  /\[[^\]\n]{1,200}\]\((?:https?:\/\/|mailto:)[^\s)]+\)/,
]

export function isMarkdown(text: string): boolean {
  if (text.length > charsMax) return false
  const lines = text.replaceAll(/\r\n?/g, '\n')
  return signs.some((sign) => sign.test(lines))
}
