package center_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/report"
)

func TestAssignmentsAreDownloadedAsTheRowsTheyComeTo(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	org, err := f.c.Organization(ctx)
	if err != nil {
		t.Fatal(err)
	}
	made, err := f.c.Assign(ctx, f.administrator, center.AssignRequest{Reason: "=HYPERLINK()", Sets: []model.PermissionSetID{f.set.ID},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(f.developer.User)}},
		Targets:    []model.Target{{Kind: model.TargetOU, ID: string(org.RootID)}}})
	if err != nil {
		t.Fatal(err)
	}
	file, err := f.c.DownloadAssignments(ctx, f.auditor, center.AssignmentQuery{User: f.developer.User})
	if err != nil {
		t.Fatal(err)
	}
	f.trail(t, "Downloaded 3 rows of assignments")
	lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil || len(lines) != 4 {
		t.Fatalf("the file has %d lines, %v: %s", len(lines), err, file)
	}
	cells := map[string]map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range report.AssignmentColumns {
			row[column] = line[i]
		}
		cells[row["rule_id"]+" "+row["account"]] = row
	}
	unit, group := cells[string(made[0].ID)+" Dev"], cells[string(f.rule)+" Dev"]
	if unit["principal"] != "dora" || unit["principal_type"] != "USER" || unit["through_unit"] == "N/A" || unit["reason"] != "'=HYPERLINK()" {
		t.Errorf("the row through the root is %v", unit)
	}
	if group["principal"] != "Developers" || group["account_id"] != string(devAccount) || group["through_unit"] != "N/A" ||
		group["expires_at"] != "N/A" || group["reason"] != "CHG-7" || group["permission_set"] != "Developer" {
		t.Errorf("the row through the group is %v", group)
	}
}

func TestAssignmentsAreDownloadedByThoseWhoMayListThem(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	_, err := f.c.DownloadAssignments(t.Context(), f.developer, center.AssignmentQuery{})
	f.refused(t, model.ActListAssignments, err)
	if _, err := f.c.DownloadAssignments(t.Context(), f.auditor, center.AssignmentQuery{User: "nobody"}); model.KindOf(err) != model.NotFound {
		t.Errorf("about nobody: %v", err)
	}
}
