package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/web/static"
	"gatehouse/web/templates"

	"github.com/a-h/templ"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

var galleryNow = time.Date(2026, time.November, 20, 14, 32, 0, 0, time.UTC)

// galleryPages are the pages of the gallery by path.
func galleryPages() map[string]templ.Component {
	console := func(title, section string, body templ.Component) templ.Component {
		return templates.Layout(galleryShell(title, section), body)
	}
	toasts := galleryShell("States", "/states")
	toasts.Toasts = []templates.Toast{
		{Tone: templates.ToneOK, Text: "Ana Beltrán is disabled.", Undo: "/states"},
		{Tone: templates.ToneBad, Text: "Something broke on our side.", Detail: "Request 7d1e0c52"},
	}
	portal := galleryShell("My accounts", "/portal")
	portal.Nav = templates.PortalNav()
	broken := templates.ErrorPageProps{
		Status:    500,
		Title:     "Something broke on our side",
		Message:   "Nothing was changed. Try again in a moment.",
		RequestID: "7d1e0c52-a1f4",
		Retry:     "/error",
		Back:      templates.Link{Text: "Overview", Href: "/overview"},
	}
	refused := templates.ErrorPageProps{
		Status:  403,
		Title:   "You cannot see the audit trail",
		Message: "It needs gatehouse:ReadAudit. These people can grant it:",
		Ask:     []templates.Person{{Name: "Elena Novak", Note: "administrator"}},
		Back:    templates.Link{Text: "Overview", Href: "/overview"},
	}
	return map[string]templ.Component{
		"/lists":    console("Users", "/lists", galleryLists(galleryNow)),
		"/object":   console("Ana Beltrán", "/object", galleryObject(galleryNow)),
		"/forms":    console("New permission set", "/forms", galleryForms()),
		"/explain":  console("Simulate", "/explain", galleryExplain()),
		"/overview": console("Overview", "/overview", galleryOverview(galleryNow)),
		"/states":   templates.Layout(toasts, galleryStates()),
		"/error":    console("Error", "", templates.ErrorPage(broken)),
		"/refused":  console("Refused", "", templates.ErrorPage(refused)),
		"/confirm":  console("Delete Ana Beltrán", "/object", galleryConfirm()),
		"/panel":    templates.Portal(portal, galleryPanel()),
		"/portal":   templates.Portal(portal, galleryPortal()),
		"/signin": templates.Gate(
			templates.Shell{Title: "Sign in", Unstyled: !static.Built()},
			false,
			gallerySignIn(),
		),
		"/enrol": templates.Gate(
			templates.Shell{Title: "Add an authenticator app", Unstyled: !static.Built()},
			true,
			galleryEnrol(),
		),
	}
}

// startGallery serves the gallery as the product serves its pages.
func startGallery(t *testing.T) string {
	t.Helper()
	pages := galleryPages()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("POST /validate", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(r.PostFormValue("document"), "support:AddComment") {
			_ = json.NewEncoder(w).Encode(map[string]any{"findings": galleryFindings})
			return
		}
		_, _ = io.WriteString(w, `{"findings": []}`)
	})
	mux.HandleFunc("GET /complete", func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"items": ["%sObject", "%sBucket"]}`, r.FormValue("prefix"), r.FormValue("prefix"))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		out := new(bytes.Buffer)
		var err error
		if r.Header.Get("HX-Request-Type") == "partial" {
			_, id, _ := bytes.Cut([]byte(r.Header.Get("HX-Target")), []byte("#"))
			err = templ.RenderFragments(r.Context(), out, body, string(id))
		} else {
			err = body.Render(r.Context(), out)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(out.Bytes())
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestEveryComponentIsAccessibleInEveryView(t *testing.T) {
	t.Parallel()
	base := startGallery(t)
	views := []view{{}, {dark: true}, {phone: true}}
	if picturing() {
		views = append(views, view{phone: true, dark: true}) // its colours and its width are tried above
	}
	for _, v := range views {
		t.Run(v.name(), func(t *testing.T) {
			j := newJourney(t, base, v)
			for path := range galleryPages() {
				j.Open(path)
				j.wait("fonts", `document.fonts.status === 'loaded'`)
				j.Shot("gallery" + path[1:])
				j.Axe()
			}
		})
	}
}
