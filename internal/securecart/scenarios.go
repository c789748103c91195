package securecart

import (
	"gatehouse/internal/model"
)

// The requirements of the sample as scenarios. Each case names the person who stands for the role.
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

func (w writer) of(r who, name, expect string, actions []string, resources ...string) model.Case {
	if r.account == Management {
		r.account = w.management
	}
	return model.Case{Name: name, Expect: expect, Simulation: model.Simulation{User: w.Users[r.user], Account: r.account,
		PermissionSet: w.Sets[r.set], Actions: actions, Resources: resources}}
}

const (
	devOpsSet    = "SecureCart-DevOps-PermissionSet"
	developerSet = "SecureCart-Developer-PermSet"
	securitySet  = "SecureCart-Security-PermSet"
	financeSet   = "SecureCart-Finance-PermissionSet"
	supportSet   = "SecureCart-Support-PermissionSet"
)

func (w writer) devOps() model.Scenario {
	prod, dev := who{"priya.raman", Production, devOpsSet}, who{"priya.raman", Dev, devOpsSet}
	iam := []string{"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:DeleteRole"}
	return model.Scenario{Name: "1. DevOps changes infrastructure, not IAM in production",
		Description: "Full administration in development; in production everything but changes to IAM.",
		Cases: []model.Case{
			w.of(prod, "infrastructure in production", model.ExpectAllowed,
				[]string{"ec2:RunInstances", "rds:ModifyDBInstance", "cloudformation:CreateStack", "route53:ChangeResourceRecordSets"}, "*"),
			w.of(prod, "no changes to IAM in production", model.ExpectExplicitDeny, iam, "arn:aws:iam::"+string(Production)+":role/checkout"),
			w.of(prod, "reading IAM in production", model.ExpectAllowed, []string{"iam:GetRole", "iam:ListRoles"}, "arn:aws:iam::"+string(Production)+":role/checkout"),
			w.of(dev, "everything in development", model.ExpectAllowed, append([]string{"ec2:RunInstances"}, iam...), "arn:aws:iam::"+string(Dev)+":role/checkout"),
		}}
}

func (w writer) developers() model.Scenario {
	prod := who{"jonas.weber", Production, developerSet}
	return model.Scenario{Name: "2. Developers deploy, and do not read customer data",
		Description: "Deploying works; customer tables, buckets and secrets are closed; no security permissions.",
		Cases: []model.Case{
			w.of(prod, "deploys", model.ExpectAllowed, []string{"codedeploy:CreateDeployment", "ecs:UpdateService", "lambda:UpdateFunctionCode", "cloudwatch:GetMetricData"}, "*"),
			w.of(prod, "no customer rows", model.ExpectExplicitDeny, []string{"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"},
				"arn:aws:dynamodb:eu-central-1:"+string(Production)+":table/customers"),
			w.of(prod, "no customer files", model.ExpectDenied, []string{"s3:GetObject"}, "arn:aws:s3:::securecart-customer-exports/2026/all.csv"),
			w.of(prod, "no secrets", model.ExpectDenied, []string{"secretsmanager:GetSecretValue"},
				"arn:aws:secretsmanager:eu-central-1:"+string(Production)+":secret:payments-AbCdEf"),
			w.of(prod, "no security permissions", model.ExpectDenied, []string{"iam:CreateRole", "iam:PutRolePolicy", "guardduty:UpdateDetector",
				"cloudtrail:StopLogging", "kms:ScheduleKeyDeletion"}, "*"),
		}}
}

func (w writer) finance() model.Scenario {
	r := who{"grace.kim", Management, financeSet}
	return model.Scenario{Name: "3. Finance sees bills and changes nothing",
		Description: "The Billing policy would let budgets be changed; the inline policy takes that away.",
		Cases: []model.Case{
			w.of(r, "sees bills, costs and budgets", model.ExpectAllowed, []string{"aws-portal:ViewBilling", "billing:GetBillingData", "ce:GetCostAndUsage", "budgets:ViewBudget"}, "*"),
			w.of(r, "changes nothing", model.ExpectDenied, []string{"budgets:ModifyBudget", "aws-portal:ModifyBilling", "payments:MakePayment",
				"billing:UpdateBillingPreferences", "purchase-orders:ModifyPurchaseOrders", "ec2:RunInstances"}, "*"),
		}}
}

func (w writer) support() model.Scenario {
	r := who{"amara.diallo", Production, supportSet}
	table := "arn:aws:dynamodb:eu-central-1:" + string(Production) + ":table/"
	return model.Scenario{Name: "4. Support reads only the order tables",
		Description: "ReadOnlyAccess would open every table and bucket; the inline policy leaves the order tables.",
		Cases: []model.Case{
			w.of(r, "reads orders", model.ExpectAllowed, []string{"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"}, table+"orders", table+"order-items"),
			w.of(r, "no other tables", model.ExpectExplicitDeny, []string{"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"}, table+"customers", table+"payments"),
			w.of(r, "no files", model.ExpectExplicitDeny, []string{"s3:GetObject", "s3:ListBucket"}, "arn:aws:s3:::securecart-invoices/2026/1.pdf"),
			w.of(r, "writes nothing", model.ExpectDenied, []string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}, table+"orders"),
		}}
}

func (w writer) security() model.Scenario {
	r := who{"ines.duarte", Production, securitySet}
	return model.Scenario{Name: "5. Security audits and changes nothing",
		Cases: []model.Case{
			w.of(r, "audits", model.ExpectAllowed, []string{"iam:GetAccountAuthorizationDetails", "iam:GenerateCredentialReport", "cloudtrail:DescribeTrails",
				"guardduty:ListFindings", "securityhub:GetFindings", "s3:GetBucketPolicy"}, "*"),
			w.of(r, "changes nothing", model.ExpectDenied, []string{"iam:CreateRole", "iam:DeleteRole", "cloudtrail:StopLogging", "guardduty:DeleteDetector",
				"s3:PutBucketPolicy", "ec2:TerminateInstances"}, "*"),
		}}
}

func (w writer) guardrails() model.Scenario {
	return model.Scenario{Name: "6. Nobody weakens the guardrails in a member account",
		Description: "The service control policy binds administrators of member accounts, and nobody in the management account.",
		Cases: []model.Case{
			w.of(who{"priya.raman", Dev, devOpsSet}, "no IAM users, even for administrators", model.ExpectExplicitDeny, []string{"iam:CreateUser"},
				"arn:aws:iam::"+string(Dev)+":user/robot"),
			w.of(who{"priya.raman", Production, devOpsSet}, "the public-access block stays", model.ExpectExplicitDeny, []string{"s3:PutBucketPublicAccessBlock"},
				"arn:aws:s3:::securecart-invoices"),
			w.of(who{"priya.raman", Management, devOpsSet}, "it does not bind the management account", model.ExpectAllowed,
				[]string{"iam:CreateUser"}, "arn:aws:iam::"+string(w.management)+":user/break-glass"),
		}}
}

func (w writer) withoutMFA() model.Scenario {
	s := model.Scenario{Name: "7. Without a second factor everything is denied"}
	for _, r := range []who{
		{"priya.raman", Dev, devOpsSet}, {"jonas.weber", Dev, developerSet}, {"grace.kim", Management, financeSet},
		{"amara.diallo", Production, supportSet}, {"ines.duarte", Production, securitySet},
	} {
		without := w.of(r, r.set, model.ExpectExplicitDeny, []string{"ec2:DescribeInstances", "ce:GetCostAndUsage", "iam:ListRoles"}, "*")
		without.NoMFA = true
		s.Cases = append(s.Cases, without)
	}
	return s
}

const (
	pipelineARN = "arn:aws:iam::" + string(DevOps) + ":role/pipeline"
	deployARN   = "arn:aws:iam::" + string(Production) + ":role/deployment"
)

// pipeline is requirement 8. Roles are no objects of the console yet, so their documents are pasted in.
func pipeline() model.Scenario {
	cross := func(name, expect, identity, externalID string) model.Case {
		return model.Case{Name: name, Expect: expect, Simulation: model.Simulation{Principal: pipelineARN, Identity: identity,
			Actions: []string{"sts:AssumeRole"}, Resources: []string{deployARN}, Policy: policy("deployment-trust"),
			Keys: map[string][]string{"sts:ExternalId": {externalID}}}}
	}
	return model.Scenario{Name: "8. The pipeline deploys across accounts",
		Description: "Trust policy and identity policy are both needed, and the external id must match.",
		Cases: []model.Case{
			cross("with the right external id", model.ExpectAllowed, policy("pipeline"), "securecart-deploy-7f3a"),
			cross("with another external id", model.ExpectImplicitDeny, policy("pipeline"), "guessed"),
			cross("without the identity policy", model.ExpectImplicitDeny, "", "securecart-deploy-7f3a"),
		}}
}

// serviceRoles is requirement 9.
func serviceRoles() model.Scenario {
	assume := func(name, expect, principal, trust string) model.Case {
		return model.Case{Name: name, Expect: expect, Simulation: model.Simulation{Principal: principal,
			Actions: []string{"sts:AssumeRole"}, Resources: []string{"arn:aws:iam::" + string(Production) + ":role/service"}, Policy: policy(trust)}}
	}
	secret := func(name, expect, resource string) model.Case {
		return model.Case{Name: name, Expect: expect, Simulation: model.Simulation{
			Principal: "arn:aws:sts::" + string(Production) + ":assumed-role/order-mailer/order-mailer", Identity: policy("order-mailer"),
			Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []string{"arn:aws:secretsmanager:eu-central-1:" + string(Production) + ":secret:" + resource}}}
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
