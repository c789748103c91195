// A link whose answer htmx puts into the page's dialog opens it.
const dialog = () => document.getElementById('dialog')

document.addEventListener('htmx:after:swap', () => {
  const box = dialog()
  if (!box?.childElementCount || box.open) return
  box.showModal()
  const first = box.querySelector('[autofocus]') ??
    box.querySelector('input:not([type=hidden]), select, textarea, .btn')
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
