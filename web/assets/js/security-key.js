// Security keys and passkeys. A button with data-key asks its address for options, lets the
// key sign or be made, puts the answer into the field that data-key names, and sends the form.
const say = (button, text) => {
  const place = button.parentElement.querySelector('[data-key-problem]')
  place.textContent = text
  place.hidden = !text
}

// Refusal is a problem in words for whoever looks at the page.
class Refusal extends Error {}

async function options(address) {
  const response = await fetch(address, {
    method: 'POST', body: new URLSearchParams(), headers: { Accept: 'application/json' },
  })
  if (response.ok) return response.json()
  // Signed out, or the second factor is not fresh any more: the page itself knows what to do.
  if (response.status === 401 || response.status === 403 || response.redirected) location.reload()
  throw new Refusal(`${(await response.text()).trim()}. Try again, or use a code.`)
}

async function answer(button) {
  const Credential = window.PublicKeyCredential
  if (!Credential?.parseRequestOptionsFromJSON) {
    throw new Refusal('This browser cannot use security keys here. Use a code.')
  }
  const asked = await options(button.dataset.keyOptions)
  if ('keyMake' in button.dataset) {
    return navigator.credentials.create({ publicKey: Credential.parseCreationOptionsFromJSON(asked) })
  }
  return navigator.credentials.get({ publicKey: Credential.parseRequestOptionsFromJSON(asked) })
}

function words(error) {
  if (error instanceof Refusal) return error.message
  if (error.name === 'InvalidStateError') return 'This key is registered already.'
  if (error.name === 'NotAllowedError') return 'No key was used. Try again, or use a code.'
  return 'The key could not be used. Try again, or use a code.'
}

// Where codes are taken too, the page asks once whether to trust the browser, beside the code.
function takeTrustAlong(form) {
  const trust = document.querySelector('input[name=trust]:checked')
  if (!trust || trust.form === form) return
  form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: trust.name, value: trust.value }))
}

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-key]')
  if (!button) return
  say(button, '')
  button.disabled = true
  try {
    const credential = await answer(button)
    button.form.querySelector(`input[name=${button.dataset.key}]`).value = JSON.stringify(credential)
    takeTrustAlong(button.form)
    button.form.requestSubmit()
  } catch (error) {
    say(button, words(error))
  } finally {
    button.disabled = false
  }
})
