/**
 * The colours on offer. A document stores `#rrggbb`, and one document is read in light and in dark:
 * text colours have a middle lightness that keeps at least 3.85:1 against both papers, and highlights
 * are pale, laid under the text by the style sheet in a strength that fits the theme.
 */

import { luminance } from './luminance.ts'

export interface Swatch {
  readonly name: string
  readonly color: string
}

export const textColors: readonly Swatch[] = [
  { name: 'Grey', color: '#767676' },
  { name: 'Brown', color: '#a5673f' },
  { name: 'Red', color: '#d9443a' },
  { name: 'Orange', color: '#c2630a' },
  { name: 'Yellow', color: '#9a7400' },
  { name: 'Green', color: '#2a8a4a' },
  { name: 'Teal', color: '#12868a' },
  { name: 'Blue', color: '#2f7bd9' },
  { name: 'Purple', color: '#8a63d2' },
  { name: 'Pink', color: '#cf4a8c' },
]

export const highlightColors: readonly Swatch[] = [
  { name: 'Grey', color: '#e3e3e1' },
  { name: 'Brown', color: '#ecd9cb' },
  { name: 'Red', color: '#fbd0cb' },
  { name: 'Orange', color: '#fcdcb8' },
  { name: 'Yellow', color: '#fdeca2' },
  { name: 'Green', color: '#c9ebcf' },
  { name: 'Teal', color: '#c1eaea' },
  { name: 'Blue', color: '#cbe1fb' },
  { name: 'Purple', color: '#e0d5f8' },
  { name: 'Pink', color: '#fad3e6' },
]

/** WCAG contrast of two colours, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
