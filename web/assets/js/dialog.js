// A link whose answer htmx puts into the page's dialog opens it. Where the answer is
// not what was asked for, the link is followed as it would be without scripts.
const dialog = () => document.getElementById('dialog')

document.addEventListener('htmx:before:swap', event => {
  const ctx = event.detail.ctx
  if (ctx?.target !== dialog() || (ctx.response?.status ?? 200) < 400) return
  event.preventDefault()
  const href = ctx.sourceElement?.getAttribute('href')
  if (href) location.assign(href)
})

document.addEventListener('htmx:after:swap', () => {
  const box = dialog()
  if (!box?.childElementCount || box.open) return
  box.showModal()
  const first = box.querySelector('[autofocus], input:not([type=hidden]), select, textarea, .btn')
  first?.focus()
})

document.addEventListener('click', event => {
  const box = event.target.closest('dialog')
  if (!box) return
  const outside = event.target === box
  if (!outside && !event.target.closest('[data-close]')) return
  event.preventDefault()
  box.close()
})

document.addEventListener('close', event => {
  if (event.target === dialog()) event.target.replaceChildren()
}, true)
