package templates_test

import (
	"testing"

	"gatehouse/web/templates"
)

func TestSecurityKeysAndStepUp(t *testing.T) {
	wrong := map[string]string{"stepup_code": "This code is not right."}
	typed := []templates.Pair{{Name: "name", Value: `No "users"`}, {Name: "document", Value: "{\n}"}}
	golden(t, "step-up", templates.StepUp(templates.StepUpPage{Action: "/accounts/policies/new", Fields: typed, Apps: true,
		Recovery: true, Keys: true, Cancel: "/accounts/policies"}))
	golden(t, "step-up-refused", templates.StepUp(templates.StepUpPage{Action: "/confirm", Disabled: true, Apps: true, Recovery: true, Cancel: "/",
		Problems: wrong}))
	golden(t, "step-up-key-alone", templates.StepUp(templates.StepUpPage{Action: "/confirm", Apps: false, Keys: true, Cancel: "/"}))
	golden(t, "step-up-nothing", templates.StepUp(templates.StepUpPage{Action: "/confirm", Cancel: "/"}))
	golden(t, "new-key", templates.NewKey(templates.NewKeyPage{Action: "/me/keys/new", Options: "/me/keys/options", Cancel: "/me", Works: true}))
	golden(t, "new-key-nowhere", templates.NewKey(templates.NewKeyPage{App: "/signin/enrol", Next: "/me",
		Steps: []templates.Step{{Text: "Second factor", Current: true}}}))
	golden(t, "factor-key", templates.SecondFactor(templates.FactorPage{UserName: "ana", Initials: "AB", Keys: 1, Next: "/"}))
	golden(t, "factor-off", templates.SecondFactor(templates.FactorPage{UserName: "ana", Initials: "AB", Devices: []string{"Phone"},
		Disabled: true, Next: "/"}))
	golden(t, "me-suspect", templates.Me(templates.MePage{UserName: "ana", PasswordAt: now, CodesLeft: 2, CodesOff: true, Keys: true, Now: now,
		Devices: []templates.DeviceRow{{ID: "1", Name: "Phone", Kind: "authenticator app", AddedAt: now, Alone: true, RenameHref: "/me/devices/1/rename",
			RemoveHref: "/me/devices/1/remove"},
			{ID: "2", Name: "Blue key", Kind: "security key", Refused: true, AddedAt: now, RenameHref: "/me/devices/2/rename",
				RemoveHref: "/me/devices/2/remove"}}}))
}
