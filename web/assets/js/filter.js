// A filter's chips and menus keep what is being typed beside them: their addresses were
// made before it was.
document.addEventListener('click', event => {
  const link = event.target.closest('form.gh-filter a[href]')
  const typed = link?.closest('form').elements.namedItem('q')
  if (!typed) return
  const address = new URL(link.href)
  if (typed.value) address.searchParams.set('q', typed.value)
  else address.searchParams.delete('q')
  link.href = address.href
})
