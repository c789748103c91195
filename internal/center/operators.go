package center

import (
	_ "embed"
	"time"

	"gatehouse/internal/model"
)

// The sets with which people operate Gatehouse itself, given on the management account. They are inline policies, so that
// a missing catalogue locks nobody out, and they are permission sets like any other: to be read, changed and copied.
const (
	AdministratorSet = "Gatehouse-Administrator"
	AuditorSet       = "Gatehouse-Auditor"
	HelpDeskSet      = "Gatehouse-HelpDesk"
)

var (
	//go:embed operators/administrator.json
	administratorPolicy string
	//go:embed operators/auditor.json
	auditorPolicy string
	//go:embed operators/help-desk.json
	helpDeskPolicy string
)

// operatorSets are the sets that set-up makes.
func operatorSets() []model.PermissionSet {
	set := func(name, description, policy string) model.PermissionSet {
		return model.PermissionSet{Name: name, Description: description, SessionDuration: time.Hour, InlinePolicy: policy}
	}
	return []model.PermissionSet{
		set(AdministratorSet, "Administers Gatehouse: people, access, organization, audit.", administratorPolicy),
		set(AuditorSet, "Reads everything in Gatehouse and changes nothing.", auditorPolicy),
		set(HelpDeskSet, "Creates and edits people, resets passwords and second factors, except those of administrators.", helpDeskPolicy),
	}
}
