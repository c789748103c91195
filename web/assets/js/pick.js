// Lists of boxes to tick: Enter in the text that narrows one ticks the first match, so that a name can be typed and taken
// without the mouse.
document.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !event.target.matches?.('[data-pick-filter]')) return
  event.preventDefault()
  const text = event.target.value.trim().toLowerCase()
  const boxes = [...event.target.closest('[data-pick]').querySelectorAll('input[type=checkbox]:not(:checked)')]
  const box = boxes.find(box => box.parentElement.textContent.toLowerCase().includes(text))
  if (text !== '' && box) box.click()
})
