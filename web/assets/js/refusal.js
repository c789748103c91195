// Answers to htmx that are not the region it asked for. A form with problems and a
// conflict are regions; other refusals are pages: one that was only looked for is gone
// to, one to a change is told in a toast, because the page with the form stays.
import { problem } from './toast.js'

document.addEventListener('htmx:before:swap', event => {
  const { ctx } = event.detail
  const status = ctx?.response?.status ?? 200
  if (status < 400 || status === 409 || status === 422) return
  event.preventDefault()
  if (ctx.request.method === 'GET') {
    location.assign(ctx.response.raw.url)
    return
  }
  const page = new DOMParser().parseFromString(ctx.text, 'text/html')
  const words = selector => page.querySelector(selector)?.textContent.trim() ?? ''
  problem(words('main h1') || 'This was refused.', words('main h1 + p'))
})

document.addEventListener('htmx:response:error', event => {
  const response = event.detail.ctx?.response
  if ((response?.status ?? 0) < 500) return
  const id = response.headers?.get('X-Request-Id')
  problem('Something broke on our side. Nothing was changed.', id ? `Request ${id}` : 'Try again in a moment.')
})

document.addEventListener('htmx:error', event => {
  if (event.detail.ctx?.response) return
  problem('The server did not answer.', 'Check your connection and try again.')
})
