package handlers

import (
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
)

// explainScenario answers a scenario posted as JSON with its explanation as JSON. It is for programs with a signed-in
// session; what they get instead of an explanation is an "error" in words.
func (h *Handlers) explainScenario(c echo.Context) error {
	scenario, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return err
	}

	answer, err := h.Center.Explain(c.Request().Context(), person(c), scenario)

	if e, ok := errors.AsType[*model.Error](err); ok {
		return c.JSON(statusOf[e.Kind], map[string]string{"error": e.Message})
	}
	if err != nil {
		return err
	}

	return c.JSON(http.StatusOK, answer)
}
