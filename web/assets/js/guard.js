// A form with data-guard warns before what was typed is lost, and shows its save bar
// only while there is something to save.
const dirty = new Set()
const state = form => new URLSearchParams(new FormData(form)).toString()
const initial = new WeakMap()

function remember() {
  for (const form of document.querySelectorAll('form[data-guard]')) {
    if (!initial.has(form)) initial.set(form, state(form))
  }
}

function check(form) {
  if (!form?.matches('[data-guard]')) return
  const changed = initial.get(form) !== state(form)
  if (changed) dirty.add(form)
  else dirty.delete(form)
  form.toggleAttribute('data-dirty', changed)
}

remember()
document.addEventListener('htmx:after:swap', remember)
document.addEventListener('input', event => check(event.target.form))
document.addEventListener('change', event => check(event.target.form))
document.addEventListener('submit', event => dirty.delete(event.target))
addEventListener('beforeunload', event => {
  for (const form of dirty) if (!form.isConnected) dirty.delete(form)
  if (dirty.size > 0) event.preventDefault()
})
