// The editor's look. Custom properties inherit into the shadow root, so one sheet
// serves both themes; CodeMirror's own marks are images in data: addresses, which the
// content policy refuses, so they are drawn here.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

export const look = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--gh-code-key)' },
  { tag: tags.string, color: 'var(--gh-code-str)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--gh-code-num)' },
]))

const mark = color => ({ backgroundImage: 'none', textDecoration: `underline wavy var(${color})`, textUnderlineOffset: '3px' })
const dot = color => ({ content: '""', display: 'block', width: '8px', height: '8px', margin: '6px 0 0 3px', borderRadius: '50%', background: `var(${color})` })

export const theme = EditorView.theme({
  '&': { fontSize: '12.5px', background: 'var(--gh-surface)', color: 'var(--gh-ink)', maxHeight: '520px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--gh-mono)', lineHeight: '20px', overflow: 'auto', minHeight: '200px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--gh-ink)' },
  '.cm-gutters': { background: 'var(--gh-surface)', color: 'var(--gh-ink-2)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '34px', padding: '0 6px 0 8px' },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--gh-accent) 7%, transparent)' },
  '.cm-activeLineGutter': { background: 'none' },
  '.cm-cursor': { borderLeftColor: 'var(--gh-ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--gh-accent-line)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { background: 'var(--gh-accent-soft)', outline: '1px solid var(--gh-accent-line)' },
  '.cm-selectionMatch': { background: 'var(--gh-accent-soft)' },
  '.cm-foldPlaceholder': { background: 'var(--gh-sunken)', border: '1px solid var(--gh-line)', color: 'var(--gh-ink-2)' },
  '.cm-lintRange-error': mark('--gh-bad'),
  '.cm-lintRange-warning': mark('--gh-warn'),
  '.cm-lintRange-info': mark('--gh-accent-ink'),
  '.cm-lint-marker': { width: '14px' },
  '.cm-lint-marker-error': { content: 'none' },
  '.cm-lint-marker-warning': { content: 'none' },
  '.cm-lint-marker-info': { content: 'none' },
  '.cm-lint-marker-error::before': dot('--gh-bad'),
  '.cm-lint-marker-warning::before': dot('--gh-warn'),
  '.cm-lint-marker-info::before': dot('--gh-accent-ink'),
  '.cm-tooltip': {
    background: 'var(--gh-surface)', color: 'var(--gh-ink)', border: '1px solid var(--gh-line-strong)',
    borderRadius: '6px', boxShadow: 'var(--gh-shadow-lg)', fontFamily: 'var(--gh-sans)', fontSize: '13px',
  },
  '.cm-diagnostic': { padding: '6px 10px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--gh-bad)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--gh-warn)' },
  '.cm-diagnostic-info': { borderLeft: '3px solid var(--gh-accent-ink)' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--gh-mono)', fontSize: '12.5px' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--gh-accent)', color: '#fff' },
  '.cm-panels': { background: 'var(--gh-sunken)', color: 'var(--gh-ink)', borderColor: 'var(--gh-line)' },
  '.cm-panel input, .cm-panel button': { font: '13px var(--gh-sans)', color: 'inherit', background: 'var(--gh-surface)', backgroundImage: 'none', border: '1px solid var(--gh-line-strong)', borderRadius: '4px' },
})
