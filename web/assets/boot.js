// Runs before the first paint: no flash of the wrong theme, and pages know that scripts run.
const root = document.documentElement
let choice = 'system'
try { choice = localStorage.getItem('gatehouse-theme') ?? 'system' } catch { /* storage is off */ }
const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
root.dataset.bsTheme = dark ? 'dark' : 'light'
root.dataset.themeChoice = choice
root.dataset.js = ''
