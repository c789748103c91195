// Shortcuts: / to the filter, Ctrl+K to search, ? to the list of shortcuts, Ctrl+Enter
// to submit. Keys without a modifier can be turned off, and are silent in fields.
const visible = selector => [...document.querySelectorAll(selector)].find(element => element.checkVisibility())
const store = 'gatehouse-single-keys'
let single = true
try { single = localStorage.getItem(store) !== 'off' } catch { /* storage is off */ }

function typing(target) {
  return target.closest?.('input, textarea, select, [contenteditable="true"], [data-editor-host]')
}

function focusOn(element, event) {
  if (!element) return
  event.preventDefault()
  element.focus()
  element.select?.()
}

function showShortcuts() {
  const sheet = document.getElementById('shortcuts')
  const box = sheet?.querySelector('[data-single-keys]')
  if (box) box.checked = single
  if (sheet && !sheet.open) sheet.showModal()
}

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.isComposing) return
  if (event.ctrlKey || event.metaKey) {
    if (event.key === 'k') focusOn(visible('[data-find]') ?? visible('#q'), event)
    if (event.key === 'Enter') event.target.closest?.('form')?.requestSubmit()
    return
  }
  if (!single || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return
  if (event.key === '/') focusOn(visible('#q') ?? visible('[data-find]'), event)
  if (event.key === '?') { event.preventDefault(); showShortcuts() }
})

document.addEventListener('click', event => {
  if (event.target.closest('[data-shortcuts]')) showShortcuts()
})

document.addEventListener('change', event => {
  if (!event.target.matches('[data-single-keys]')) return
  single = event.target.checked
  try { localStorage.setItem(store, single ? 'on' : 'off') } catch { /* storage is off */ }
})
