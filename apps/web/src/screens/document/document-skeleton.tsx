/** What stands where a document will be: the same bar and sheet, with bones instead of words. */
import type { ReactNode } from 'react'
import './document.css'

export function SheetSkeleton(): ReactNode {
  return (
    <div className="sheet sheet--skeleton" role="status" aria-label="Opening the document">
      <span className="bone bone--heading" />
      {[71, 62, 71, 38].map((percent, index) => (
        <span className={`bone bone--line bone--${percent}`} key={index} />
      ))}
      <span className="bone bone--gap" />
      {[62, 71, 55].map((percent, index) => (
        <span className={`bone bone--line bone--${percent}`} key={index} />
      ))}
    </div>
  )
}

export function DocumentSkeleton(): ReactNode {
  return (
    <div className="document">
      <div className="document__head">
        <header className="bar" />
        <div className="toolbar-host" />
      </div>
      <div className="desk">
        <SheetSkeleton />
      </div>
    </div>
  )
}
