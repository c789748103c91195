package report

import (
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
)

// AssignmentColumns are the columns of the listing of assignments, in order. The first is the id of the row, the last that
// of the rule behind it: AWS lists rows, the rule is what can be removed.
var AssignmentColumns = []string{
	"assignment_id", "principal_type", "principal_id", "principal", "permission_set_arn", "permission_set", "account_id",
	"account", "through_unit", "state", "starts_at", "expires_at", "created_at", "reason", "rule_id",
}

// Assignments writes rules as a File of the rows that they come to: one for each account that a rule reaches now, and one
// without an account for a unit that has none.
func Assignments(rules []*access.Rule, org model.Organization, now time.Time) (string, error) {
	lines := [][]string{AssignmentColumns}
	for _, rule := range rules {
		for _, account := range rule.Accounts() {
			lines = append(lines, assignmentLine(rule, account, org, now))
		}
		if len(rule.Accounts()) == 0 {
			lines = append(lines, assignmentLine(rule, nil, org, now))
		}
	}
	return File(lines)
}

func assignmentLine(rule *access.Rule, account *access.Account, org model.Organization, now time.Time) []string {
	kind, id, name := model.PrincipalUser, "", ""
	if rule.Group != nil {
		kind, id, name = model.PrincipalGroup, string(rule.Group.ID), rule.Group.Name
	} else {
		id, name = string(rule.User.ID), rule.User.UserName
	}
	row, accountID, accountName, unit := notApplicable, notApplicable, notApplicable, notApplicable
	if account != nil {
		row, accountID, accountName = access.RowID(rule.ID, account.ID), string(account.ID), account.Name
	}
	if rule.OU != nil {
		unit = rule.OU.Words()
	}
	return []string{
		row, string(kind), id, name, org.PermissionSetARN(rule.Set.ID), rule.Set.Name, accountID, accountName, unit,
		string(model.Assignment{StartsAt: rule.StartsAt, ExpiresAt: rule.ExpiresAt}.State(now)),
		moment(rule.StartsAt, notApplicable), moment(rule.ExpiresAt, notApplicable), moment(rule.CreatedAt, notApplicable),
		rule.Reason, string(rule.ID),
	}
}
