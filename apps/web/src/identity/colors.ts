/**
 * The colours a person can have: for their caret, their selection and their avatar.
 * Each carries white text with a contrast of at least 4.5:1, and shows on paper and at night.
 */
export interface PersonColor {
  readonly name: string
  readonly value: string
}

export const personColors: readonly PersonColor[] = [
  { name: 'Brick', value: '#b5432c' },
  { name: 'Amber', value: '#97600a' },
  { name: 'Olive', value: '#66700f' },
  { name: 'Fern', value: '#2f7a3d' },
  { name: 'Teal', value: '#0f7573' },
  { name: 'Harbour', value: '#1f6fa8' },
  { name: 'Ink', value: '#3f5bc4' },
  { name: 'Violet', value: '#7a4cc0' },
  { name: 'Plum', value: '#a03a92' },
  { name: 'Rose', value: '#b93a63' },
]
