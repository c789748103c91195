package handlers

import (
	"crypto/rand"
	"net/http"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/awsapi"
)

// healthz says that the process answers.
func (h *Handlers) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says that the database answers too.
func (h *Handlers) readyz(c echo.Context) error {
	if err := h.Center.Store.Ready(c.Request().Context()); err != nil {
		return c.String(http.StatusServiceUnavailable, "database not ready\n")
	}
	return c.String(http.StatusOK, "ready\n")
}

// aws answers AWS clients. What else is posted to an address of theirs is told that nothing takes it there.
func (h *Handlers) aws() echo.HandlerFunc {
	protocols := awsapi.New(awsapi.Config{Session: h.Center.Caller, Used: h.Center.Called, Now: h.Now,
		Random: rand.Reader, Log: h.Log})
	return func(c echo.Context) error {
		if !awsapi.IsCall(c.Request()) {
			return echo.ErrMethodNotAllowed
		}
		protocols.ServeHTTP(c.Response(), c.Request())
		return nil
	}
}
