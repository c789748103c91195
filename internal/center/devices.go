package center

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// mostDevices is how many devices a person may have.
const mostDevices = 10

// devicesOf returns the second factors of a person, oldest first. Apps that no code has confirmed yet are none.
func devicesOf(ctx context.Context, r store.Reader, user model.UserID) ([]model.Device, error) {
	apps, err := r.TOTPDevices(ctx, user)
	if err != nil {
		return nil, err
	}
	keys, err := r.SecurityKeys(ctx, user)
	if err != nil {
		return nil, err
	}
	var devices []model.Device
	for _, app := range confirmed(apps) {
		devices = append(devices, app.Device())
	}
	for _, key := range keys {
		devices = append(devices, key.Device())
	}
	slices.SortStableFunc(devices, func(a, b model.Device) int { return a.AddedAt.Compare(b.AddedAt) })
	return devices, nil
}

// room refuses a further device to a person who has many.
func room(devices []model.Device) error {
	if len(devices) < mostDevices {
		return nil
	}
	return &model.Error{Kind: model.Conflict, Message: fmt.Sprintf("You have %d devices. Remove one first.", mostDevices)}
}

// nextName is what a further device is called until its person names it: "Authenticator app", "Security key 2".
func nextName(kind model.DeviceKind, devices []model.Device) string {
	name := strings.ToUpper(string(kind[:1])) + string(kind[1:])
	n := 1
	for _, d := range devices {
		if d.Kind == kind {
			n++
		}
	}
	if n > 1 {
		return fmt.Sprintf("%s %d", name, n)
	}
	return name
}

// ownDevice returns a device of the actor, and all of theirs.
func (w *work) ownDevice(id model.DeviceID) (model.Device, []model.Device, error) {
	devices, err := devicesOf(w.ctx, w.tx.Reader, w.actor.User)
	if err != nil {
		return model.Device{}, nil, err
	}
	for _, d := range devices {
		if d.ID == id {
			return d, devices, nil
		}
	}
	return model.Device{}, nil, model.Missing("device", string(id))
}

// RenameDevice gives a device of the actor another name.
func (c *Center) RenameDevice(ctx context.Context, actor model.Actor, id model.DeviceID, name string) error {
	if name = strings.TrimSpace(name); name == "" {
		return &model.Error{Kind: model.Invalid, Message: "Enter a name.", Fields: map[string]string{"name": "Enter a name."}}
	}
	if err := checkDeviceName(name); err != nil {
		return err
	}
	return c.do(ctx, actor, func(w *work) error {
		w.own()
		d, _, err := w.ownDevice(id)
		if err != nil {
			return err
		}
		if d.Kind == model.DeviceApp {
			err = w.tx.RenameTOTPDevice(w.ctx, actor.User, id, name)
		} else {
			err = w.tx.RenameSecurityKey(w.ctx, actor.User, id, name)
		}
		if err != nil {
			return fmt.Errorf("rename a device: %w", err)
		}
		return w.record(model.Event{Action: model.ActRenameDevice, Objects: []model.Ref{selfRef(actor)},
			Summary: fmt.Sprintf("Renamed the %s %s to %s", d.Kind, d.Name, name)})
	})
}

// RemoveDevice takes a device of the actor away. The last one that works stays: else the password alone would let whoever
// knows it enrol another.
func (c *Center) RemoveDevice(ctx context.Context, actor model.Actor, id model.DeviceID) error {
	return c.do(ctx, actor, func(w *work) error {
		w.own()
		d, devices, err := w.ownDevice(id)
		if err != nil {
			return err
		}
		if Last(devices, d) {
			return &model.Error{Kind: model.Conflict, Message: "This is your only device. Add another before you remove it."}
		}
		if err := w.keepStrong(devices, d); err != nil {
			return err
		}
		if d.Kind == model.DeviceApp {
			_, err = w.tx.DeleteTOTPDevice(w.ctx, actor.User, id)
		} else {
			_, err = w.tx.DeleteSecurityKey(w.ctx, actor.User, id)
		}
		if err != nil {
			return fmt.Errorf("remove a device: %w", err)
		}
		err = w.announceOwn(model.Notice{Kind: model.NoticeFactorRemoved,
			Text: "The second factor " + d.Name + " was removed, by a request from " + placeOf(actor) + "."})
		if err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActRemoveDevice, Objects: []model.Ref{selfRef(actor)},
			Summary: fmt.Sprintf("Removed the %s %s", d.Kind, d.Name)})
	})
}

// keepStrong refuses to remove the last strong device of somebody who needs one: what is left would be worth less than what they
// signed in with.
func (w *work) keepStrong(devices []model.Device, d model.Device) error {
	policy, err := w.tx.SignInPolicy(w.ctx)
	if err != nil {
		return err
	}
	needs, err := w.center.strengthOf(w.ctx, w.tx.Reader, policy, w.actor.User)
	if err != nil || !needs.asked || !w.center.suffices(policy, d) {
		return err
	}
	if slices.ContainsFunc(devices, func(other model.Device) bool { return other.ID != d.ID && w.center.suffices(policy, other) }) {
		return nil
	}
	return &model.Error{Kind: model.Conflict, Message: "This is your only device that people who administer may sign in with. Add " +
		"another security key, passkey or app with codes of 8 digits before you remove it."}
}

// Last reports whether nothing would be left to sign in with if a device were removed. A key that is refused is nothing.
func Last(devices []model.Device, d model.Device) bool {
	return !slices.ContainsFunc(devices, func(other model.Device) bool { return other.ID != d.ID && other.SuspectAt.IsZero() })
}

// nameOr is the name that a person gave a new device, or else the next one of its kind.
func nameOr(name string, kind model.DeviceKind, devices []model.Device) string {
	return cmp.Or(strings.TrimSpace(name), nextName(kind, devices))
}

func addedDevice(u model.User, d model.Device) model.Event {
	return model.Event{Action: model.ActAddDevice, Outcome: model.Done, Objects: []model.Ref{userRef(u)},
		Summary: fmt.Sprintf("Added the %s %s", d.Kind, d.Name)}
}
