/** The routes. The document page is a chunk of its own: the list needs no editor. */
import { Tooltip } from 'radix-ui'
import { lazy, type ReactNode, Suspense } from 'react'
import { Link, Route, Switch } from 'wouter'
import { HomePage } from './screens/home/home-page.tsx'
import { DocumentSkeleton } from './screens/document/document-skeleton.tsx'
import { MessagePage } from './ui/message-page.tsx'

const DocumentPage = lazy(() => import('./screens/document/document-page.tsx'))

export function App(): ReactNode {
  return (
    <Tooltip.Provider delayDuration={350}>
      <Switch>
        <Route path="/">
          <HomePage />
        </Route>
        <Route path="/d/:id">
          {({ id }) => (
            <Suspense fallback={<DocumentSkeleton />}>
              <DocumentPage key={id} documentId={id} />
            </Suspense>
          )}
        </Route>
        <Route>
          <MessagePage title="There is nothing here" text="The address does not lead to a page.">
            <Link className="button button--main" href="/">
              All documents
            </Link>
          </MessagePage>
        </Route>
      </Switch>
    </Tooltip.Provider>
  )
}
