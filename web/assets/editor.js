// Turns textareas with data-editor into editors for JSON policies. The editor lives in
// a shadow root, where its styles are adopted sheets, which the content policy allows.
// The textarea stays the form field: what is sent is what the editor shows.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap, linter, forceLinting } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { look, theme } from './js/editor-theme.js'
import { completeFrom } from './js/editor-complete.js'
import { findingsOf, showFindings } from './js/editor-findings.js'

function extensions(area) {
  const problems = findingsOf(area)
  return [
    lineNumbers(), foldGutter(), history(), drawSelection(), highlightActiveLine(), bracketMatching(),
    closeBrackets(), indentOnInput(), indentUnit.of('  '), highlightSelectionMatches(), json(), look, theme,
    linter(problems, { delay: 350 }), lintGutter(), EditorView.lineWrapping,
    EditorState.readOnly.of(area.readOnly), EditorState.tabSize.of(2),
    area.dataset.complete ? autocompletion({ override: [completeFrom(area.dataset.complete)] }) : [],
    EditorView.contentAttributes.of({
      'aria-label': document.querySelector(`label[for="${area.id}"]`)?.textContent.trim() ?? 'Policy',
      'aria-invalid': area.getAttribute('aria-invalid') ?? 'false',
      tabindex: '0',
    }),
    // Tab moves on, as in any form; Ctrl+] and Ctrl+[ indent.
    keymap.of([
      ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap,
      ...defaultKeymap,
    ]),
    EditorView.updateListener.of(update => {
      if (update.docChanged) changed(area, update.state)
      if (update.selectionSet || update.docChanged) position(area, update.state)
    }),
  ]
}

// changed hands the text to the field and lets the page know, as typing would.
function changed(area, state) {
  area.value = state.doc.toString()
  area.dispatchEvent(new Event('input', { bubbles: true }))
  const count = area.parentElement.querySelector('[data-editor-count]')
  if (!count) return
  const size = area.value.replace(/\s/g, '').length
  const limit = Number(area.dataset.max)
  const digits = new Intl.NumberFormat('en')
  count.textContent = `${digits.format(size)} of ${digits.format(limit)} characters`
  count.classList.toggle('gh-bad', size > limit)
}

function position(area, state) {
  const place = area.parentElement.querySelector('[data-editor-position]')
  if (!place) return
  const line = state.doc.lineAt(state.selection.main.head)
  place.textContent = `Line ${line.number}, column ${state.selection.main.head - line.from + 1}`
}

function mount(area) {
  if (area.dataset.mounted !== undefined) return
  area.dataset.mounted = ''
  const host = document.createElement('div')
  host.className = 'gh-editor-host'
  host.dataset.editorHost = ''
  host.setAttribute('hx-ignore', '')
  area.after(host)
  const root = host.attachShadow({ mode: 'open' })
  const state = EditorState.create({ doc: area.value, extensions: extensions(area) })
  const view = new EditorView({ state, root, parent: root })
  host.view = view
  area.hidden = true
  // Links to the field, in the summary of problems, lead to the editor.
  area.addEventListener('focus', () => view.focus())
  document.querySelector(`label[for="${area.id}"]`)?.addEventListener('click', () => view.focus())
  showFindings(area, view)
  if (area.dataset.validate) forceLinting(view)
  // Fonts that come late change the heights that were measured.
  document.fonts.ready.then(() => view.requestMeasure())
}

const mountAll = () => document.querySelectorAll('textarea[data-editor]').forEach(mount)
mountAll()
document.addEventListener('htmx:after:swap', mountAll)
document.addEventListener('click', event => {
  const href = event.target.closest?.('a[href^="#"]')?.getAttribute('href')
  const host = href && document.getElementById(href.slice(1))?.nextElementSibling
  if (host?.view) { event.preventDefault(); host.view.focus(); host.scrollIntoView({ block: 'center' }) }
})
