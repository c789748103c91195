package main

// The pages of AWS's documentation that the reasons below point to.
const (
	operators  = "IAM User Guide, IAM JSON policy elements: Condition operators"
	multi      = "IAM User Guide, Condition operators for multivalued context keys"
	variables  = "IAM User Guide, IAM policy elements: Variables and tags"
	version    = "IAM User Guide, IAM JSON policy elements: Version"
	actions    = "IAM User Guide, IAM JSON policy elements: Action"
	principals = "IAM User Guide, AWS JSON policy elements: Principal"
	notNamed   = "IAM User Guide, AWS JSON policy elements: NotPrincipal"
	order      = "IAM User Guide, Policy evaluation logic"
	sessions   = "IAM User Guide, Policies and permissions: Session policies"
	scps       = "Organizations User Guide, Service control policies"
	roots      = "IAM User Guide, AWS account root user"
	federation = "AWS STS API Reference, GetFederationToken"
	own        = "AWS does not say; docs/evaluation.md has the choice"
)

// divergences says of vectors that iam-simulate decides otherwise why we do not follow.
func divergences() map[string]string {
	return map[string]string{
		"action/dot-is-literal": "only * and ? are wildcards; a dot is not any character: " + actions,
		"action/no-colon":       "an action without service matches nothing; iam-simulate gives up: " + actions,

		"cond/arn-not-like/deny-malformed-request":  "what is no ARN is unlike every ARN, so the Deny stands: " + own,
		"cond/arn-like/lone-star":                   "a lone star is every ARN: " + own,
		"cond/null/empty-list-is-null":              "an empty data set is null: " + multi,
		"cond/null/empty-string-is-null":            "a null data set, such as an empty string, is null: " + multi,
		"cond/ip/zero-prefix":                       "0.0.0.0/0 is every IPv4 address: " + operators + ", RFC 4632",
		"cond/ip/deny-not-zero-prefix":              "0.0.0.0/0 is every IPv4 address: " + operators + ", RFC 4632",
		"cond/ip/v6-spelling":                       "addresses are compared, not their spelling: " + operators + ", RFC 4291",
		"cond/numeric-not-equals/bad-request-value": "what is no number differs from every number: " + own,
		"cond/numeric-equals/trailing-junk":         "digits with letters after them are no number: " + operators,
		"cond/date/epoch-value-iso-key":             "epoch values are seconds: " + operators,
		"cond/date/iso-value-epoch-key":             "epoch values are seconds: " + operators,
		"cond/for-any/if-exists-missing":            "IfExists is true for a key that is not there: " + operators,
		"cond/operator/unknown-in-deny":             "a Deny that cannot be read must not be dropped: " + own,

		"scp/service-linked-role-exempt":                "SCPs do not restrict service-linked roles; iam-simulate leaves it to its caller: " + scps,
		"scp/service-principal-not-limited":             "SCPs restrict users and roles of member accounts only: " + scps,
		"session/resource-grant-to-session-not-limited": "a grant to the session itself is not limited by session policies: " + sessions,
		"session/federated-user-none-passed":            "without session policy a federated user has no permissions: " + federation,
		"principal/notprincipal-account-only":           "the account alone does not exclude its users: " + notNamed,
		"root/own-account":                              "the root user has access to everything in its account: " + roots,
		"root/management-account":                       "the root user has access to everything in its account: " + roots,
		"root/kms-named":                                "the root user is the account that the key policy names: " + principals,
		"trust/no-trust-policy":                         "a role without a trust policy that allows it cannot be assumed: " + order,

		"var/resource/version-2008":             "in version 2008-10-17 ${…} is plain text: " + version,
		"var/resource/no-version":               "without Version a policy is of 2008-10-17: " + version,
		"var/condition/unset-negated":           "a negated operator is true if the variable has no value: " + variables,
		"var/condition/deny-tag-mismatch-unset": "a negated operator is true if the variable has no value: " + variables,
		"var/condition/escaped-star-equals":     "${*} is a star: " + variables,
		"var/condition/default-empty":           "a default may be empty: " + own,
		"var/notresource/deny-unset":            "an entry without value matches nothing, so it excludes nothing: " + variables,
	}
}
