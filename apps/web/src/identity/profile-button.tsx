/** One's own avatar; it opens name, colour and theme. */
import { Monitor, Moon, Sun } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { setThemeChoice, type ThemeChoice, useThemeChoice } from '../theme.ts'
import { Avatar } from './avatar.tsx'
import { personColors } from './colors.ts'
import { cleanName, nameCharsMax, setOwnProfile, useOwnProfile } from './profile.ts'

const themes = [
  { value: 'system', label: 'System', Icon: Monitor },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
] as const satisfies readonly { value: ThemeChoice; label: string; Icon: unknown }[]

export function ProfileButton(): ReactNode {
  const profile = useOwnProfile()
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className="profile-button"
          aria-label={`You are ${profile.name}. Name, colour and theme`}
        >
          <Avatar {...profile} />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="raised popover profile"
          aria-label="You"
          align="end"
          sideOffset={8}
          collisionPadding={12}
        >
          <NameField />
          <fieldset className="profile__group">
            <legend className="field__label">Colour</legend>
            <div className="swatches">
              {personColors.map((color) => (
                <label className="swatch" key={color.value} title={color.name}>
                  <input
                    type="radio"
                    name="color"
                    className="only-heard"
                    aria-label={color.name}
                    checked={profile.color === color.value}
                    onChange={() => setOwnProfile({ ...profile, color: color.value })}
                  />
                  <span className="swatch__disc" style={{ backgroundColor: color.value }} />
                </label>
              ))}
            </div>
          </fieldset>
          <ThemeSwitch />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** Others see the new name with every letter; an empty field keeps the last one. */
function NameField(): ReactNode {
  const profile = useOwnProfile()
  const [draft, setDraft] = useState(profile.name)
  return (
    <label className="field">
      <span className="field__label">Your name, as others see it</span>
      <input
        className="input"
        value={draft}
        maxLength={nameCharsMax}
        autoComplete="nickname"
        onChange={(event) => {
          setDraft(event.target.value)
          const name = cleanName(event.target.value)
          if (name !== undefined) setOwnProfile({ ...profile, name })
        }}
        onBlur={() => setDraft(profile.name)}
      />
    </label>
  )
}

function ThemeSwitch(): ReactNode {
  const choice = useThemeChoice()
  return (
    <fieldset className="profile__group">
      <legend className="field__label">Theme</legend>
      <div className="segments">
        {themes.map(({ value, label, Icon }) => (
          <label className="segment" key={value}>
            <input
              type="radio"
              name="theme"
              className="only-heard"
              checked={choice === value}
              onChange={() => setThemeChoice(value)}
            />
            <span className="segment__face">
              <Icon size={15} aria-hidden="true" />
              {label}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
