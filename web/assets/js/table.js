// Selection in tables: a box in the head for all rows of the page, the bar with what
// can be done shows the count and is hidden while nothing is selected.
const boxes = name => [...document.querySelectorAll(`tbody input[type=checkbox][name="${CSS.escape(name)}"]`)]

function update(name) {
  const all = boxes(name)
  const chosen = all.filter(box => box.checked)
  for (const box of all) box.closest('tr').classList.toggle('gh-sel', box.checked)
  for (const head of document.querySelectorAll(`[data-select-all="${CSS.escape(name)}"]`)) {
    head.checked = chosen.length > 0 && chosen.length === all.length
    head.indeterminate = chosen.length > 0 && chosen.length < all.length
  }
  for (const bar of document.querySelectorAll(`[data-bulk="${CSS.escape(name)}"]`)) {
    bar.toggleAttribute('data-on', chosen.length > 0)
    const count = bar.querySelector('[data-bulk-count]')
    if (count) count.textContent = `${chosen.length} selected on this page`
  }
}

function updateAll() {
  for (const head of document.querySelectorAll('[data-select-all]')) update(head.dataset.selectAll)
}

updateAll()
document.addEventListener('htmx:after:swap', updateAll)
document.addEventListener('change', event => {
  const name = event.target.dataset?.selectAll
  if (name) boxes(name).forEach(box => { box.checked = event.target.checked })
  const changed = name ?? event.target.name
  if (changed && document.querySelector(`[data-select-all="${CSS.escape(changed)}"]`)) update(changed)
})
