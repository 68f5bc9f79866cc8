/** Uploads of images. The server names a file by its content, so sending one twice is harmless. */
import { type Answer, request } from './documents.ts'

function read(response: Response): Promise<{ src: string }> {
  return response.json() as Promise<{ src: string }>
}

function reason(answer: Exclude<Answer<unknown>, { kind: 'ok' }>): string {
  switch (answer.kind) {
    case 'refused':
      return answer.message
    case 'missing':
      return 'This server takes no uploads.'
    case 'unreachable':
      return 'The server cannot be reached. Try again when you are online.'
  }
}

/** Sends `file` and answers with the address to show it from. Rejects with a sentence for people; a retry is safe. */
export async function uploadFile(file: File): Promise<{ src: string }> {
  const headers = { 'content-type': file.type === '' ? 'application/octet-stream' : file.type }
  const answer = await request('/files', { method: 'POST', body: file, headers }, read)
  if (answer.kind === 'ok') return answer.value
  throw new Error(reason(answer))
}
