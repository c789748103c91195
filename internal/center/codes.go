package center

import (
	"fmt"
	"strings"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
)

// CodesFile is the text in which a person keeps the recovery codes that a page shows them. What is no recovery code is
// refused, so that the file says nothing else.
func (c *Center) CodesFile(actor model.Actor, codes []string) (string, error) {
	if len(codes) == 0 || len(codes) > mfa.RecoveryCodes {
		return "", &model.Error{Kind: model.Invalid, Message: "These are not recovery codes."}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Gatehouse recovery codes of %s, %s\n", actor.UserName, c.Now().UTC().Format("2 January 2006"))
	b.WriteString("Each signs you in once when your authenticator app is not at hand. Keep them like a password.\n\n")
	for _, code := range codes {
		if !mfa.IsRecoveryCode(code) {
			return "", &model.Error{Kind: model.Invalid, Message: "These are not recovery codes."}
		}
		b.WriteString(code + "\n")
	}
	return b.String(), nil
}
