// Copy buttons: data-copy holds the value, data-copy-from the id of the element with it.
import { announce } from './toast.js'

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  // Browsers offer no clipboard on plain http beyond localhost: copy a selection.
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'gh-sr'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy], [data-copy-from]')
  if (!button) return
  const source = document.getElementById(button.dataset.copyFrom ?? '')
  const what = (button.ariaLabel ?? button.textContent).replace(/^\s*Copy\s*/, '').trim()
  try {
    await write(button.dataset.copy ?? source?.textContent ?? '')
  } catch {
    announce(`Could not copy ${what}`)
    return
  }
  announce(`Copied ${what}`)
  button.classList.add('is-copied')
  setTimeout(() => button.classList.remove('is-copied'), 1600)
})
