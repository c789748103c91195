package main

// target is decision code and the tests that have to notice a change to it.
type target struct {
	dir   string     // the package
	files []string   // of it, that are changed: all that a decision runs through
	runs  [][]string // arguments of runs of its tests, tried in this order until one fails
}

// late are tests of the evaluator that find little for their time: those of what is not a decision, and drawn ones, which find
// more the longer they run. A mutant meets them, shortened, after all others: the names only set the order, and a test that is
// renamed is run with the first.
const late = "NoScenarioTakesLong|AFaultIsShrunk|Explanation|Explain|Depends|Validat|Finding|Fuzz|Check|Managed|Quota|" +
	"RedundantStatement|RegularExpression|WorthWhat|CoversAnother|AddingA|NeitherOrder|LimitsNothing|NumbersOfAccounts|" +
	"StatementForEach"

// Tests of the verbs that say how people sign in, without those of them that find little for their time: the others come after.
const (
	signing = "SignIn|SignsIn|Signing|Session|Code|Key|Passkey|Password|Link|Invit|Enrol|Browser|Factor|StepUp|Dangerous|Fresh|" +
		"Recovery|Offboard|Cookie|Refus|Administrator"
	thorough = "TwoProcesses|YearOfGuess|GivenUp|Rotat|EMail|Found|MAC"
)

var targets = map[string]target{
	"eval": {
		dir: "internal/eval",
		files: []string{"actionname.go", "arn.go", "ascii.go", "caller.go", "compilepattern.go", "condition.go", "context.go",
			"decide.go", "decimal.go", "index.go", "indexbuild.go", "inquiry.go", "instant.go", "layer.go", "limits.go", "match.go",
			"operand.go", "operator.go", "pattern.go", "policy.go", "principal.go", "request.go", "servicerule.go", "survey.go"},
		runs: [][]string{{"-test.skip", late}, {"-test.short", "-test.run", late}},
	},
	"signin": {
		dir:   "internal/signin",
		files: []string{"signin.go", "limits.go", "throttle.go"},
		runs:  [][]string{{"-test.short", "-test.skip", "NeverSignedIn|AYear"}, {"-test.short", "-sequences", "20000"}},
	},
	"mfa": {
		dir:   "internal/mfa",
		files: []string{"keys.go", "recovery.go", "totp.go"},
		runs:  [][]string{{"-test.short"}},
	},
	"vault": {
		dir:   "internal/vault",
		files: []string{"password.go", "pattern.go", "token.go", "vault.go", "weak.go"},
		runs:  [][]string{{"-test.short"}},
	},
	"center": {
		dir: "internal/center",
		files: []string{"authorise.go", "browsers.go", "enrol.go", "factor.go", "links.go", "newkey.go", "passkey.go", "renewal.go",
			"securitykeys.go", "session.go", "signin.go", "signinrules.go", "stepup.go"},
		runs: [][]string{{"-test.short", "-test.run", signing, "-test.skip", thorough}, {"-test.short"}},
	},
}
