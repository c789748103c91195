package main

// target is decision code and the tests that have to notice a change to it.
type target struct {
	dir   string   // the package
	files []string // of it, that are changed: all that a decision runs through
	args  []string // of the tests
}

var targets = map[string]target{
	"eval": {
		dir: "internal/eval",
		files: []string{"actionname.go", "arn.go", "ascii.go", "caller.go", "compilepattern.go", "condition.go", "context.go",
			"decide.go", "decimal.go", "index.go", "indexbuild.go", "inquiry.go", "instant.go", "layer.go", "limits.go", "match.go",
			"operand.go", "operator.go", "pattern.go", "policy.go", "principal.go", "request.go", "servicerule.go", "survey.go"},
	},
	"signin": {
		dir:   "internal/signin",
		files: []string{"signin.go", "limits.go", "throttle.go"},
		args:  []string{"-test.short", "-sequences", "20000"},
	},
	"mfa": {
		dir:   "internal/mfa",
		files: []string{"keys.go", "recovery.go", "totp.go"},
		args:  []string{"-test.short"},
	},
	"vault": {
		dir:   "internal/vault",
		files: []string{"password.go", "pattern.go", "token.go", "vault.go", "weak.go"},
		args:  []string{"-test.short"},
	},
	"center": {
		dir: "internal/center",
		files: []string{"approvals.go", "authorise.go", "browsers.go", "enrol.go", "factor.go", "links.go",
			"newkey.go", "passkey.go", "password.go", "recover.go", "renewal.go", "revocation.go", "securitykeys.go", "session.go",
			"sessions.go", "signin.go", "signinrules.go", "slowdown.go", "stepup.go", "strength.go", "two.go"},
		args: []string{"-test.short"},
	},
}
