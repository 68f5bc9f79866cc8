/** The others, as a stack of avatars; a click goes to where they write. */
import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import { Avatar } from '../../identity/avatar.tsx'
import { Hint } from '../../ui/hint.tsx'
import { useMedia } from '../../ui/use-media.ts'
import { type Person, usePeople } from './people.ts'

interface Props {
  readonly awareness: Awareness
  /** Scrolls to a person's caret. */
  readonly onGoTo: (clientId: number) => void
}

/** More discs than this say nothing that a number does not say better. */
const discsMax = 4
const discsOnPhoneMax = 2

export function Presence({ awareness, onGoTo }: Props): ReactNode {
  const people = usePeople(awareness)
  const isPhone = useMedia('(max-width: 640px)')
  if (people.length === 0) return null
  const max = isPhone ? discsOnPhoneMax : discsMax
  // A "+1" would take the place of the one disc it stands for.
  const shown = people.length <= max ? people : people.slice(0, max - 1)
  const hidden = people.slice(shown.length)
  const goTo = (person: Person): void => onGoTo(person.clientId)

  return (
    <ul className="presence" aria-label="Also here">
      {shown.map((person) => (
        <li key={person.clientId}>
          <Hint text={person.name}>
            <button
              type="button"
              className="presence__disc"
              aria-label={person.name}
              onClick={() => goTo(person)}
            >
              <Avatar {...person} />
            </button>
          </Hint>
        </li>
      ))}
      {hidden.length > 0 && (
        <li>
          <Popover.Root>
            <Popover.Trigger asChild>
              <button
                type="button"
                className="presence__disc"
                aria-label={`${hidden.length} more people`}
              >
                <span className="avatar presence__count" aria-hidden="true">
                  +{hidden.length}
                </span>
              </button>
            </Popover.Trigger>
            <Popover.Portal>
              <Popover.Content
                className="raised menu presence__list"
                aria-label="More people"
                align="end"
                sideOffset={8}
              >
                {hidden.map((person) => (
                  <Popover.Close asChild key={person.clientId}>
                    <button
                      type="button"
                      className="menu__item presence__row"
                      onClick={() => goTo(person)}
                    >
                      <Avatar {...person} />
                      {person.name}
                    </button>
                  </Popover.Close>
                ))}
              </Popover.Content>
            </Popover.Portal>
          </Popover.Root>
        </li>
      )}
    </ul>
  )
}
