/** Who comes to the playground, in this order. */

export interface Role {
  readonly name: string
  /** `#rrggbb`; carries white text. */
  readonly color: string
}

const roles: readonly Role[] = [
  { name: 'Ada', color: '#3f5bc4' },
  { name: 'Ben', color: '#b5432c' },
  { name: 'Cleo', color: '#2f7a3d' },
  { name: 'Dan', color: '#7a4cc0' },
  { name: 'Eve', color: '#97600a' },
  { name: 'Finn', color: '#0f7573' },
  { name: 'Gus', color: '#a03a92' },
  { name: 'Hana', color: '#1f6fa8' },
]

/** Client ids of the playground begin here, in the order of people. */
const firstClientId = 1_000

/** Whose the content is that everybody finds. */
export const beginningClientId = 7

export const clientIdOf = (index: number): number => firstClientId + index

export function roleOf(index: number): Role {
  const role = roles[index % roles.length] as Role
  const round = Math.floor(index / roles.length)
  return round === 0 ? role : { ...role, name: `${role.name} ${round + 1}` }
}

/** The name behind a client id; the id itself for somebody else. */
export function nameOf(clientId: number): string {
  if (clientId === beginningClientId) return 'the beginning'
  const index = clientId - firstClientId
  return index >= 0 && index < 1_000 ? roleOf(index).name : `#${clientId}`
}
