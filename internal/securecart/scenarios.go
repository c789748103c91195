package securecart

import (
	"gatehouse/internal/model"
)

// scenarios are the requirements of the sample. Each case names the person who stands for the role.
func scenarios(p Planted, management model.AccountID) []model.Scenario {
	w := writer{p, management}
	return []model.Scenario{
		w.devOps(), w.developers(), w.finance(), w.support(), w.security(), w.guardrails(), w.withoutMFA(),
		pipeline(), serviceRoles(),
	}
}

// writer writes cases about people of the sample.
type writer struct {
	Planted
	management model.AccountID
}

// who is a person's role.
type who struct {
	user    string
	account model.AccountID
	set     string
}

// region is where the shop runs: production's guardrail keeps it in Europe.
const region = "eu-central-1"

// of returns a case about a person's role. Their requests go to the shop's Region.
func (w writer) of(r who, name, expect string, actions []string, resources ...string) model.Case {
	if r.account == Management {
		r.account = w.management
	}
	return model.Case{Name: name, Expect: expect, Simulation: model.Simulation{User: w.Users[r.user], Account: r.account,
		PermissionSet: w.Sets[r.set], Actions: actions, Resources: resources,
		Keys: map[string][]string{"aws:RequestedRegion": {region}}}}
}

const (
	devOpsSet    = "SecureCart-DevOps-PermissionSet"
	developerSet = "SecureCart-Developer-PermSet"
	securitySet  = "SecureCart-Security-PermSet"
	financeSet   = "SecureCart-Finance-PermissionSet"
	supportSet   = "SecureCart-Support-PermissionSet"
	dataEngSet   = "SecureCart-DataEng-PermSet"
	executiveSet = "SecureCart-Executive-PermSet"
	productSet   = "SecureCart-Product-PermSet"
)

// in is the ARN of something of a service in the shop's Region; at is one in IAM.
func in(service string, account model.AccountID, name string) string {
	return "arn:aws:" + service + ":" + region + ":" + string(account) + ":" + name
}

func at(account model.AccountID, name string) string {
	return "arn:aws:iam::" + string(account) + ":" + name
}

func (w writer) devOps() model.Scenario {
	prod, dev := who{"priya.raman", Production, devOpsSet}, who{"priya.raman", Dev, devOpsSet}
	infrastructure := []string{
		"ec2:RunInstances", "rds:ModifyDBInstance", "cloudformation:CreateStack", "route53:ChangeResourceRecordSets",
	}
	iam := []string{"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:DeleteRole"}
	return model.Scenario{Name: "1. DevOps changes infrastructure, not IAM in production",
		Description: "Full administration in development; in production everything but changes to IAM.",
		Cases: []model.Case{
			w.of(prod, "Infrastructure in production", model.ExpectAllowed, infrastructure, "*"),
			w.of(prod, "No changes to IAM in production", model.ExpectExplicitDeny, iam, at(Production, "role/checkout")),
			w.of(prod, "Reading IAM in production", model.ExpectAllowed,
				[]string{"iam:GetRole", "iam:ListRolePolicies"}, at(Production, "role/checkout")),
			w.of(dev, "Infrastructure in development", model.ExpectAllowed, infrastructure, "*"),
			w.of(dev, "IAM in development", model.ExpectAllowed, iam, at(Dev, "role/checkout")),
		}}
}

func (w writer) developers() model.Scenario {
	prod := who{"jonas.weber", Production, developerSet}
	return model.Scenario{Name: "2. Developers deploy, and do not read customer data",
		Description: "Deploying works; customer tables, buckets and secrets are closed; no security permissions.",
		Cases: []model.Case{
			w.of(prod, "Deploys", model.ExpectAllowed, []string{"codedeploy:CreateDeployment", "ecs:UpdateService",
				"lambda:UpdateFunctionCode", "apigateway:PATCH", "cloudwatch:GetMetricData"}, "*"),
			w.of(prod, "No customer rows", model.ExpectExplicitDeny,
				[]string{"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"}, in("dynamodb", Production, "table/customers")),
			w.of(prod, "No customer files", model.ExpectDenied, []string{"s3:GetObject"},
				"arn:aws:s3:::securecart-customer-exports/2026/all.csv"),
			w.of(prod, "No secrets", model.ExpectDenied, []string{"secretsmanager:GetSecretValue"},
				in("secretsmanager", Production, "secret:payments-AbCdEf")),
			w.of(prod, "No security permissions", model.ExpectDenied, []string{"iam:CreateRole", "iam:PutRolePolicy",
				"guardduty:UpdateDetector", "cloudtrail:StopLogging", "kms:ScheduleKeyDeletion"}, "*"),
		}}
}

func (w writer) finance() model.Scenario {
	r := who{"grace.kim", Management, financeSet}
	return model.Scenario{Name: "3. Finance sees bills and changes nothing",
		Description: "The Billing policy would let budgets be changed; the inline policy takes that away.",
		Cases: []model.Case{
			w.of(r, "Sees bills, costs and budgets", model.ExpectAllowed, []string{"aws-portal:ViewBilling",
				"billing:GetBillingData", "ce:GetCostAndUsage", "budgets:ViewBudget"}, "*"),
			w.of(r, "Changes nothing", model.ExpectDenied, []string{"budgets:ModifyBudget", "aws-portal:ModifyBilling",
				"payments:MakePayment", "billing:UpdateBillingPreferences", "purchase-orders:ModifyPurchaseOrders",
				"ec2:RunInstances"}, "*"),
		}}
}

func (w writer) support() model.Scenario {
	r := who{"amara.diallo", Production, supportSet}
	table := func(name string) string { return in("dynamodb", Production, "table/"+name) }
	read := []string{"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"}
	return model.Scenario{Name: "4. Support reads only the order tables",
		Description: "ReadOnlyAccess would open every table and bucket; the inline policy leaves the order tables.",
		Cases: []model.Case{
			w.of(r, "Reads orders", model.ExpectAllowed, read, table("orders"), table("order-items")),
			w.of(r, "No other tables", model.ExpectExplicitDeny, read, table("customers"), table("payments")),
			w.of(r, "No files", model.ExpectExplicitDeny, []string{"s3:GetObject", "s3:ListBucket"},
				"arn:aws:s3:::securecart-invoices/2026/1.pdf"),
			w.of(r, "Writes nothing", model.ExpectDenied,
				[]string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}, table("orders")),
		}}
}

func (w writer) security() model.Scenario {
	r := who{"ines.duarte", Production, securitySet}
	return model.Scenario{Name: "5. Security audits and changes nothing",
		Description: "SecurityAudit and IAMReadOnlyAccess show everything that matters, and nothing that changes it.",
		Cases: []model.Case{
			w.of(r, "Audits", model.ExpectAllowed, []string{"iam:GetAccountAuthorizationDetails",
				"iam:GenerateCredentialReport", "cloudtrail:DescribeTrails", "guardduty:ListFindings",
				"securityhub:GetFindings", "s3:GetBucketPolicy"}, "*"),
			w.of(r, "Changes nothing", model.ExpectDenied, []string{"iam:CreateRole", "iam:DeleteRole",
				"cloudtrail:StopLogging", "guardduty:DeleteDetector", "s3:PutBucketPolicy", "ec2:TerminateInstances"}, "*"),
		}}
}

func (w writer) guardrails() model.Scenario {
	of := func(account model.AccountID) who { return who{"priya.raman", account, devOpsSet} }
	users, open := []string{"iam:CreateUser"}, []string{"s3:PutBucketPublicAccessBlock"}
	const bucket = "arn:aws:s3:::securecart-invoices"
	return model.Scenario{Name: "6. Nobody weakens the guardrails in a member account",
		Description: "The service control policy binds administrators of member accounts, and nobody in the management account.",
		Cases: []model.Case{
			w.of(of(Dev), "No IAM users, even for administrators", model.ExpectExplicitDeny, users, at(Dev, "user/robot")),
			w.of(of(Dev), "Public access stays blocked in development", model.ExpectExplicitDeny, open, bucket),
			w.of(of(Production), "Public access stays blocked in production", model.ExpectExplicitDeny, open, bucket),
			w.of(of(Management), "IAM users in the management account", model.ExpectAllowed, users,
				at(w.management, "user/break-glass")),
			w.of(of(Management), "Public access in the management account", model.ExpectAllowed, open, bucket),
		}}
}

func (w writer) withoutMFA() model.Scenario {
	s := model.Scenario{Name: "7. Without a second factor everything is denied",
		Description: "Every permission set for people denies everything unless they signed in with a second factor."}
	for _, r := range []who{
		{"priya.raman", Dev, devOpsSet}, {"jonas.weber", Dev, developerSet}, {"grace.kim", Management, financeSet},
		{"amara.diallo", Production, supportSet}, {"ines.duarte", Production, securitySet},
		{"mei.tanaka", Dev, dataEngSet}, {"sofia.marin", Management, executiveSet}, {"tomas.vega", Production, productSet},
	} {
		without := w.of(r, r.set, model.ExpectExplicitDeny, []string{"ec2:DescribeInstances", "ce:GetCostAndUsage",
			"cloudwatch:GetMetricData", "dynamodb:Query", "iam:ListRoles"}, "*")
		without.NoMFA = true
		s.Cases = append(s.Cases, without)
	}
	return s
}

// pipeline is requirement 8. Roles are no objects of the console yet, so their documents are pasted in.
func pipeline() model.Scenario {
	const rightID = "securecart-deploy-7f3a"
	cross := func(name, expect, externalID, identity, trust string) model.Case {
		return model.Case{Name: name, Expect: expect, Simulation: model.Simulation{Principal: at(DevOps, "role/pipeline"),
			Actions: []string{"sts:AssumeRole"}, Resources: []string{at(Production, "role/deployment")},
			Keys: map[string][]string{"sts:ExternalId": {externalID}}, Identity: identity, Policy: trust}}
	}
	identity, trust := policy("pipeline"), policy("deployment-trust")
	return model.Scenario{Name: "8. The pipeline deploys across accounts",
		Description: "Trust policy and identity policy are both needed, and the external id must match.",
		Cases: []model.Case{
			cross("With the right external id", model.ExpectAllowed, rightID, identity, trust),
			cross("With another external id", model.ExpectImplicitDeny, "guessed", identity, trust),
			cross("Without its identity policy", model.ExpectImplicitDeny, rightID, "", trust),
			cross("Without the trust policy", model.ExpectImplicitDeny, rightID, identity, ""),
		}}
}

// serviceRoles is requirement 9.
func serviceRoles() model.Scenario {
	assume := func(name, expect, principal, trust string) model.Case {
		return model.Case{Name: name, Expect: expect, Simulation: model.Simulation{Principal: principal,
			Actions: []string{"sts:AssumeRole"}, Resources: []string{at(Production, "role/service")}, Policy: policy(trust)}}
	}
	secret := func(name, expect, resource string) model.Case {
		return model.Case{Name: name, Expect: expect, Simulation: model.Simulation{
			Principal: "arn:aws:sts::" + string(Production) + ":assumed-role/order-mailer/order-mailer",
			Identity:  policy("order-mailer"), Actions: []string{"secretsmanager:GetSecretValue"},
			Resources: []string{in("secretsmanager", Production, "secret:"+resource)}}}
	}
	return model.Scenario{Name: "9. Services use roles, not stored credentials",
		Description: "EC2 and Lambda assume their service roles; the Lambda function reads one secret.",
		Cases: []model.Case{
			assume("EC2 assumes its role", model.ExpectAllowed, "service:ec2.amazonaws.com", "ec2-trust"),
			assume("Lambda assumes its role", model.ExpectAllowed, "service:lambda.amazonaws.com", "lambda-trust"),
			assume("Lambda does not assume the role of EC2", model.ExpectImplicitDeny, "service:lambda.amazonaws.com", "ec2-trust"),
			secret("Lambda reads its secret", model.ExpectAllowed, "order-mailer-Xy12Zw"),
			secret("Lambda reads no other secret", model.ExpectImplicitDeny, "payments-AbCdEf"),
		}}
}
