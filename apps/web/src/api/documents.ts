/**
 * The document list over REST. Every call answers with a value: what came, a refusal with its
 * reason, or that nobody answered. Nothing here throws for what a server or a network can do.
 */
import { reasonOf } from '@quire/base'

export interface DocumentSummary {
  readonly id: string
  readonly title: string
  readonly createdMs: number
  readonly changedMs: number
}

export interface DocumentPage {
  readonly documents: readonly DocumentSummary[]
  /** Give it as `after` to get the page that follows; null when this is the last. */
  readonly next: string | null
}

export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unreachable' }

/** Why nothing came, for people. */
export function reasonOfAnswer(answer: Exclude<Answer<unknown>, { kind: 'ok' }>): string {
  switch (answer.kind) {
    case 'unreachable':
      return 'The server cannot be reached. Check your connection and try again.'
    case 'missing':
      return 'It is not there any more.'
    case 'refused':
      return answer.message
  }
}

/** What the server says in the body of an error, or a sentence of our own. */
async function messageOf(response: Response): Promise<string> {
  try {
    const body = (await response.json()) as { error?: { message?: unknown } }
    if (typeof body.error?.message === 'string') return body.error.message
  } catch (error) {
    return `The server answered ${response.status} (${reasonOf(error)}).`
  }
  return `The server answered ${response.status}.`
}

/** One request. An answer that is not what `read` expects is a refusal too: a proxy's error page, say. */
export async function request<T>(
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
): Promise<Answer<T>> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch {
    return { kind: 'unreachable' } // fetch rejects only when no answer came
  }
  // 502–504 come from a proxy whose server is away; for a person that is the same as no answer.
  if (response.status >= 502 && response.status <= 504) return { kind: 'unreachable' }
  if (response.status === 404) return { kind: 'missing' }
  if (!response.ok) return { kind: 'refused', message: await messageOf(response) }
  try {
    return { kind: 'ok', value: await read(response) }
  } catch (error) {
    return { kind: 'refused', message: `The answer could not be read (${reasonOf(error)}).` }
  }
}

const asJson = <T>(response: Response): Promise<T> => response.json() as Promise<T>
const nothing = async (): Promise<undefined> => undefined
const pathOf = (documentId: string): string => `/api/documents/${encodeURIComponent(documentId)}`
const body = (value: object): RequestInit => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
})

export function listDocuments(
  documentsMax: number,
  after: string | null,
  signal: AbortSignal,
): Promise<Answer<DocumentPage>> {
  const query = new URLSearchParams({ limit: String(documentsMax) })
  if (after !== null) query.set('after', after)
  return request(`/api/documents?${query}`, { signal }, asJson<DocumentPage>)
}

export function createDocument(title = ''): Promise<Answer<DocumentSummary>> {
  return request('/api/documents', { method: 'POST', ...body({ title }) }, asJson<DocumentSummary>)
}

export function getDocument(
  documentId: string,
  signal: AbortSignal,
): Promise<Answer<DocumentSummary>> {
  return request(pathOf(documentId), { signal }, asJson<DocumentSummary>)
}

export function renameDocument(
  documentId: string,
  title: string,
): Promise<Answer<DocumentSummary>> {
  return request(
    pathOf(documentId),
    { method: 'PATCH', ...body({ title }) },
    asJson<DocumentSummary>,
  )
}

export function deleteDocument(documentId: string): Promise<Answer<undefined>> {
  return request(pathOf(documentId), { method: 'DELETE' }, nothing)
}
