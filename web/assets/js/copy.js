// Copy buttons: data-copy holds the value, data-copy-from the id of the element with it.
import { announce } from './toast.js'

// Browsers offer no clipboard on plain http beyond localhost, and may refuse it elsewhere: copy a
// selection then, beside the button, since what is outside an open dialog cannot be selected.
function writeSelected(text, button) {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'gh-sr'
  button.after(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  button.focus()
  if (!copied) throw new Error('the browser does not copy')
}

async function write(text, button) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    writeSelected(text, button)
  }
}

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy], [data-copy-from]')
  if (!button) return
  const source = document.getElementById(button.dataset.copyFrom ?? '')
  const what = (button.ariaLabel ?? button.textContent).replace(/^\s*Copy\s*/, '').trim()
  try {
    await write(button.dataset.copy ?? source?.textContent ?? '', button)
  } catch {
    announce(`Could not copy ${what}`)
    return
  }
  announce(`Copied ${what}`)
  button.classList.add('is-copied')
  setTimeout(() => button.classList.remove('is-copied'), 1600)
})
