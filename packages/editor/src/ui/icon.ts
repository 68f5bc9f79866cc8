/** The icons of the interface: single Lucide drawings, sized by the text around them. */
import { createElement, type IconNode } from 'lucide'

export type Icon = IconNode

/** Draws an icon. It is decoration: the control around it carries the name. */
export function drawIcon(icon: Icon): SVGElement {
  const drawn = createElement(icon, {
    'aria-hidden': 'true',
    focusable: 'false',
    class: 'quire-icon',
  })
  return drawn as SVGElement
}
