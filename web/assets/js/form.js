// Forms: the summary of problems takes the focus, passwords can be looked at, a whole
// code sends itself, and a form is sent once unless it says that it may be repeated.
function focusSummary() {
  const summary = document.querySelector('[data-focus]')
  if (!summary || summary.dataset.focus === 'done') return
  summary.dataset.focus = 'done'
  summary.focus()
}
focusSummary()
document.addEventListener('htmx:after:swap', focusSummary)

document.addEventListener('click', event => {
  const button = event.target.closest('[data-reveal]')
  const input = button && document.getElementById(button.dataset.reveal)
  if (!input) return
  const shown = input.type === 'password'
  input.type = shown ? 'text' : 'password'
  button.ariaPressed = String(shown)
  button.lastChild.textContent = shown ? 'Hide' : 'Show'
})

document.addEventListener('input', event => {
  const input = event.target
  if (!('autosubmit' in input.dataset) || input.form?.ariaBusy === 'true') return
  const digits = input.value.replace(/[\s-]/g, '')
  if (/^\d+$/.test(digits) && digits.length === Number(input.dataset.autosubmit)) input.form.requestSubmit()
})

document.addEventListener('click', event => {
  if (event.target.closest('[data-print]')) print()
})

const buttons = form => form.querySelectorAll('button[type=submit], button:not([type])')

document.addEventListener('submit', event => {
  const form = event.target
  if (form.method !== 'post' || event.defaultPrevented || 'repeat' in form.dataset) return
  if (form.ariaBusy === 'true') { event.preventDefault(); return }
  form.ariaBusy = 'true'
  // A disabled button would not be part of what is sent, hence after this turn.
  setTimeout(() => buttons(form).forEach(button => { button.disabled = true }))
  setTimeout(() => release(form), 10000)
})

function release(form) {
  form.ariaBusy = null
  buttons(form).forEach(button => { button.disabled = false })
}

// A page that the browser kept comes back with its buttons alive.
addEventListener('pageshow', event => {
  if (event.persisted) document.querySelectorAll('form[aria-busy]').forEach(release)
})
