package handlers

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
)

const requestIDKey = "request id"

// requestID gives each request a name that the log, the trail and an error page share.
func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		var raw [8]byte
		_, _ = rand.Read(raw[:]) // never fails
		c.Set(requestIDKey, hex.EncodeToString(raw[:]))
		return next(c)
	}
}

func requestIDOf(c echo.Context) string {
	id, _ := c.Get(requestIDKey).(string)
	return id
}

// logRequests writes one line per request: no query, no cookie, no body, because they may hold secrets.
func (h *Handlers) logRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err)
		}
		level := slog.LevelInfo
		if strings.HasPrefix(c.Request().URL.Path, "/static/") || c.Path() == "/healthz" || c.Path() == "/readyz" {
			level = slog.LevelDebug
		}
		h.Log.Log(c.Request().Context(), level, "request", "id", requestIDOf(c), "method", c.Request().Method,
			"route", c.Path(), "status", c.Response().Status, "ms", time.Since(start).Milliseconds())
		return nil
	}
}

const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri " + violationsPath

// headers sets what every response carries, errors and redirects included.
func (h *Handlers) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("Content-Security-Policy", contentSecurityPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self)")
		header.Set("Cache-Control", "no-store")
		if h.secure() {
			header.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		return next(c)
	}
}

// secure reports whether people reach the console over TLS.
func (h *Handlers) secure() bool { return strings.HasPrefix(h.BaseURL, "https://") }

// recoverPanics turns a panic into an error with its stack in the log.
func (h *Handlers) recoverPanics(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(c)
	}
}

// mostBody is the most bytes of a form: two policy documents of the largest kind, escaped, with room.
const mostBody = 512 << 10

func limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.ContentLength > mostBody {
			return errTooLarge
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, mostBody)
		return next(c)
	}
}

// sameOrigin refuses requests that change something and come from another site. A browser always says where a request
// comes from, in Sec-Fetch-Site or in Origin; a request with a session cookie and neither is refused as well.
func (h *Handlers) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		r := c.Request()
		if h.forMachine(c) {
			return next(c)
		}
		if err := protection.Check(r); err != nil {
			return errCrossSite
		}
		safe := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
		silent := r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == ""
		if !safe && silent && len(r.Cookies()) > 0 {
			return errCrossSite
		}
		return next(c)
	}
}

var (
	errCrossSite = &model.Error{Kind: model.Forbidden,
		Message: "This request came from another site, so it was not carried out. Open the page here and try again."}
	errTooLarge = echo.NewHTTPError(http.StatusRequestEntityTooLarge)
)

// ipExtractor finds the address of the browser: the peer's, or what a trusted proxy says.
func ipExtractor(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
