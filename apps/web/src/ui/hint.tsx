/** A tooltip. For what is nice to know: whatever must be known stands on the page. */
import { Tooltip } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

interface Props {
  readonly text: string
  readonly children: ReactElement
}

export function Hint({ text, children }: Props): ReactNode {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tooltip" sideOffset={6} collisionPadding={8}>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
