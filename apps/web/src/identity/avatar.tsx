/** A person as a disc with initials. Decoration: whoever shows it also says the name in words. */
import type { ReactNode } from 'react'
import { initialsOf } from './initials.ts'
import './identity.css'

interface Props {
  readonly name: string
  readonly color: string
}

export function Avatar({ name, color }: Props): ReactNode {
  return (
    <span className="avatar" style={{ backgroundColor: color }} aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}
