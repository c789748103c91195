// Everything a page does beyond links and forms. Listeners sit on the document, so
// that regions replaced by htmx need no wiring.
import 'htmx.org/dist/htmx.esm.js'
import './js/theme.js'
import './js/keys.js'
import './js/copy.js'
import './js/toast.js'
import './js/refusal.js'
import './js/dialog.js'
import './js/form.js'
import './js/guard.js'
import './js/table.js'
import './js/filter.js'
import './js/menu.js'
