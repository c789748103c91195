package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// nameForm names a device.
type nameForm struct {
	Name string `form:"name"`
}

func (h *Handlers) namePage(c echo.Context, p templates.NameDevicePage) error {
	about := h.ownPage(p.Title)
	if len(p.Problems) > 0 {
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	return h.render(c, about, templates.NameDevice(p))
}

// startDevice makes the key of a new app, which the next page shows.
func (h *Handlers) startDevice(c echo.Context) error {
	if _, err := decode[struct{}](c); err != nil {
		return err
	}
	if _, err := h.Center.StartDevice(c.Request().Context(), person(c)); err != nil {
		return err
	}
	return h.redirect(c, "/me/devices/new")
}

// tooLate sends somebody back whose key is too old, or was never made.
func (h *Handlers) tooLate(c echo.Context) error {
	h.toast(c, templates.Toast{Tone: templates.ToneBad, Text: "That took too long. Start again."})
	return h.redirect(c, "/me")
}

func (h *Handlers) showDevice(c echo.Context) error { return h.devicePage(c, templates.EnrolPage{}) }

func (h *Handlers) devicePage(c echo.Context, p templates.EnrolPage) error {
	e, err := h.Center.PendingDevice(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	p.Action, p.Cancel, p.Sub = "/me/devices/new", "/me", "A code of any of your apps is your second factor."
	return h.showKey(c, e, p, wideGate)
}

func (h *Handlers) confirmDevice(c echo.Context) error {
	form, err := decode[enrolForm](c)
	if err != nil {
		return err
	}
	err = h.Center.ConfirmDevice(c.Request().Context(), person(c), form.Name, form.Code)
	if e, ok := problemsOf(err); ok {
		return h.devicePage(c, templates.EnrolPage{Name: form.Name, Problems: e.Fields})
	}
	if model.KindOf(err) == model.Conflict {
		return h.tooLate(c)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/me", "The authenticator app is added.")
}

// ownDevice returns the device whose id stands in the address.
func (h *Handlers) ownDevice(c echo.Context) (model.Device, error) {
	s, err := h.Center.OwnSecurity(c.Request().Context(), person(c))
	if err != nil {
		return model.Device{}, err
	}
	for _, d := range s.Devices {
		if string(d.ID) == c.Param("id") {
			return d, nil
		}
	}
	return model.Device{}, model.Missing("device", c.Param("id"))
}

func (h *Handlers) askRename(c echo.Context) error {
	d, err := h.ownDevice(c)
	if err != nil {
		return err
	}
	return h.namePage(c, renaming(d.ID, d.Name))
}

func renaming(id model.DeviceID, name string) templates.NameDevicePage {
	return templates.NameDevicePage{Action: "/me/devices/" + url.PathEscape(string(id)) + "/rename", Title: "Rename the device",
		Button: "Rename", Name: name}
}

func (h *Handlers) renameDevice(c echo.Context) error {
	form, err := decode[nameForm](c)
	if err != nil {
		return err
	}
	id := model.DeviceID(c.Param("id"))
	err = h.Center.RenameDevice(c.Request().Context(), person(c), id, form.Name)
	if e, ok := problemsOf(err); ok {
		p := renaming(id, form.Name)
		p.Problems = e.Fields
		return h.namePage(c, p)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/me", "Renamed.")
}

func (h *Handlers) askRemove(c echo.Context) error {
	d, err := h.ownDevice(c)
	if err != nil {
		return err
	}
	return h.render(c, h.ownPage("Remove "+d.Name), templates.Confirm(templates.ConfirmProps{Title: "Remove " + d.Name,
		Action: "/me/devices/" + url.PathEscape(string(d.ID)) + "/remove", Button: "Remove", Danger: true, Cancel: "/me",
		Effects: []string{removalOf(d)}}))
}

// removalOf says what removing a device ends, and what stays where only its person can reach it.
func removalOf(d model.Device) string {
	if d.Kind == model.DeviceApp {
		return "Its codes are not taken any more. The entry in the app stays until you delete it there."
	}
	return "It does not sign you in any more. What your browser or the key itself remembers of it stays until you delete it there."
}

func (h *Handlers) removeDevice(c echo.Context) error {
	if err := h.Center.RemoveDevice(c.Request().Context(), person(c), model.DeviceID(c.Param("id"))); err != nil {
		return err
	}
	return h.done(c, "/me", "The device is removed.")
}
