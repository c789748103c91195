// What is wrong with a document: first whether it is JSON at all, which the browser
// knows, then what the server says; both at their lines and in a list below.
import { jsonParseLinter } from '@codemirror/lang-json'
import { setDiagnostics } from '@codemirror/lint'

const parse = jsonParseLinter()

// findingsOf makes the linter of one field. Two answers never overtake each other.
export function findingsOf(area) {
  let latest = 0
  return async view => {
    const turn = ++latest
    const text = view.state.doc.toString()
    if (text.trim() === '') return report(area, view, [])
    const broken = parse(view)
    if (broken.length > 0) {
      const at = view.state.doc.lineAt(broken[0].from)
      list(area, [{ line: at.number, severity: 'error', message: 'This is not JSON.', detail: broken[0].message }])
      return broken.map(problem => ({ ...problem, message: `This is not JSON. ${problem.message}` }))
    }
    if (!area.dataset.validate) return report(area, view, known(area))
    const findings = await ask(area, text)
    return turn === latest && findings ? report(area, view, findings) : []
  }
}

// showFindings marks what the page knew when it was made.
export function showFindings(area, view) {
  const findings = known(area)
  if (findings.length > 0) view.dispatch(setDiagnostics(view.state, findings.map(f => diagnostic(view.state.doc, f))))
}

function known(area) {
  try { return JSON.parse(area.dataset.findings || '[]') } catch { return [] }
}

async function ask(area, text) {
  try {
    const response = await fetch(area.dataset.validate, {
      method: 'POST', headers: { Accept: 'application/json' },
      body: new URLSearchParams({ document: text, kind: area.dataset.editor }),
    })
    return response.ok ? ((await response.json()).findings ?? []) : null
  } catch {
    return null
  }
}

function report(area, view, findings) {
  list(area, findings)
  return findings.map(finding => diagnostic(view.state.doc, finding))
}

// diagnostic is a finding with its place in the text: a whole line without its indent,
// or from a column to the end of the word.
function diagnostic(doc, finding) {
  const line = doc.line(Math.min(Math.max(finding.line, 1), doc.lines))
  const indent = line.text.length - line.text.trimStart().length
  const from = finding.column > 0 ? Math.min(line.from + finding.column - 1, line.to) : line.from + indent
  const word = finding.column > 0 ? /^"(?:[^"\\]|\\.)*"|^[\w.-]+/.exec(doc.sliceString(from, line.to))?.[0].length : 0
  const message = finding.detail ? `${finding.message} ${finding.detail}` : finding.message
  return { from, to: word ? from + word : line.to, severity: finding.severity, message }
}

// list writes the findings below the editor, in the markup the server would have sent.
function list(area, findings) {
  const place = document.getElementById(`${area.id}-findings`)
  const template = document.getElementById('finding-line')
  if (!place || !template) return
  const ul = document.createElement('ul')
  ul.className = 'gh-lint'
  ul.ariaLabel = 'Findings'
  for (const finding of findings) {
    const item = template.content.querySelector(`[data-severity="${finding.severity}"]`)?.cloneNode(true)
    if (!item) continue
    item.querySelector('[data-where]').textContent = finding.line > 0 ? `Line ${finding.line}` : 'Policy'
    item.querySelector('b').textContent = finding.message
    item.querySelector('[data-detail]').textContent = finding.detail ?? ''
    ul.append(item)
  }
  place.replaceChildren(...(findings.length > 0 ? [ul] : []))
}
