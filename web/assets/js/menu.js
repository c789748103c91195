// Menus are details elements: one is open at a time, Esc and a click beside it close it.
const menus = '.gh-drop[open], .gh-menu[open]'

document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll(menus)) {
    if (!menu.contains(event.target)) menu.open = false
  }
})

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return
  for (const menu of document.querySelectorAll(menus)) {
    menu.open = false
    menu.querySelector('summary').focus()
  }
})
