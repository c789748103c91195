// Toasts: what went well leaves after a while, problems stay until dismissed.
const region = () => document.getElementById('toasts')
const lasting = 8000

// announce speaks a short confirmation without showing it.
export function announce(text) {
  const element = document.getElementById('announce')
  if (!element) return
  element.textContent = ''
  requestAnimationFrame(() => { element.textContent = text })
}

function expire(toast) {
  if (toast.dataset.toast !== 'ok' || toast.dataset.timed) return
  toast.dataset.timed = ''
  let timer
  const start = () => { timer = setTimeout(() => toast.remove(), lasting) }
  toast.addEventListener('pointerenter', () => clearTimeout(timer))
  toast.addEventListener('focusin', () => clearTimeout(timer))
  toast.addEventListener('pointerleave', start)
  start()
}

// problem stays until it is dismissed.
export function problem(text, detail) {
  const template = document.getElementById('toast-problem')
  if (!template || !region()) return
  const toast = template.content.cloneNode(true)
  toast.querySelector('[data-text]').textContent = text
  toast.querySelector('[data-detail]').textContent = detail
  region().append(toast)
}

const watch = () => region()?.querySelectorAll('[data-toast]').forEach(expire)
watch()
if (region()) new MutationObserver(watch).observe(region(), { childList: true })

document.addEventListener('click', event => {
  event.target.closest('[data-dismiss]')?.closest('[data-toast]')?.remove()
})
