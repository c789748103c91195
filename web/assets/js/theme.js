// The theme button goes through system, light and dark, and remembers.
const root = document.documentElement
const order = ['system', 'light', 'dark']
const system = matchMedia('(prefers-color-scheme: dark)')

function apply(choice) {
  root.dataset.themeChoice = choice
  root.dataset.bsTheme = choice === 'dark' || (choice === 'system' && system.matches) ? 'dark' : 'light'
  for (const button of document.querySelectorAll('[data-theme-toggle]')) button.ariaLabel = `Theme: ${choice}`
}

apply(root.dataset.themeChoice ?? 'system')
system.addEventListener('change', () => apply(root.dataset.themeChoice))
document.addEventListener('click', event => {
  if (!event.target.closest('[data-theme-toggle]')) return
  const next = order[(order.indexOf(root.dataset.themeChoice) + 1) % order.length]
  try { localStorage.setItem('gatehouse-theme', next) } catch { /* storage is off */ }
  apply(next)
})
