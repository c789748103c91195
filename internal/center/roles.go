package center

import "gatehouse/internal/access"

// The nodes and answers of the access graph as verbs hand them out: read, never changed.
type (
	Role    = access.Role
	Rule    = access.Rule
	Gain    = access.Gain
	User    = access.User
	Group   = access.Group
	Account = access.Account
	OU      = access.OU
	Set     = access.Set
)
