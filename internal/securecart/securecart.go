// Package securecart owns the sample organization: a fictional shop with its accounts, people, groups, permission sets,
// guardrails and the scenarios that prove its access rules. It is data and the order in which to plant it; the planting
// is done through the verbs of internal/center, so every object has its record in the trail.
//
// It leaves making the organization itself and everybody's credentials to set-up and to the seed command.
package securecart

import (
	"embed"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

//go:embed policies/*.json
var policies embed.FS

// policy returns a policy document of the sample.
func policy(name string) string {
	text, err := policies.ReadFile("policies/" + name + ".json")
	if err != nil {
		panic(err) // the file is embedded or the program does not build
	}
	return string(text)
}

// The sample's accounts. The management account gets its name at set-up.
const (
	Management = model.AccountID("111122223333")
	Production = model.AccountID("222233334444")
	Dev        = model.AccountID("333344445555")
	DevOps     = model.AccountID("444455556666")
	Audit      = model.AccountID("555566667777")
	LogArchive = model.AccountID("666677778888")
)

// Name and ManagementName are what set-up calls the organization and its management account for the sample.
const (
	Name           = "SecureCart"
	ManagementName = "SecureCart-Management"
	EmailDomain    = "securecart.example"
)

type unit struct{ path, parent, name string }

// units in the order of making them; the root's path is empty.
var units = []unit{
	{"Security", "", "Security"},
	{"Workloads", "", "Workloads"},
	{"Workloads/Prod", "Workloads", "Prod"},
	{"Workloads/NonProd", "Workloads", "NonProd"},
	{"Workloads/Shared", "Workloads", "Shared"},
}

type account struct {
	id         model.AccountID
	name, unit string
	use        string
}

var accounts = []account{
	{Production, "SecureCart-Production", "Workloads/Prod", "live shop"},
	{Dev, "SecureCart-Dev", "Workloads/NonProd", "development"},
	{DevOps, "DevOps", "Workloads/Shared", "CI and CD"},
	{Audit, "SecureCart-Audit", "Security", "security tooling"},
	{LogArchive, "SecureCart-LogArchive", "Security", "log archive"},
}

type guardrail struct{ name, description, file, unit string }

var guardrails = []guardrail{
	{"Guardrails", "No IAM users in accounts, and public access stays blocked.", "guardrails", ""},
	{"ProdGuardrails", "No changes to IAM in production except by break-glass; European Regions only.", "prod-guardrails", "Workloads/Prod"},
}

type set struct {
	name, description string
	hours             int
	managed           []string // names below arn:aws:iam::aws:policy/
	file              string
	relay             string
}

const home = "https://eu-central-1.console.aws.amazon.com/"

var sets = []set{
	{"SecureCart-DevOps-PermissionSet", "Runs the infrastructure. Production spares IAM by its guardrail.", 8,
		[]string{"AdministratorAccess"}, "devops", home + "cloudformation/home"},
	{"SecureCart-Developer-PermSet", "Deploys the shop's services and reads its metrics.", 8,
		[]string{"AWSCodeDeployFullAccess", "CloudWatchReadOnlyAccess"}, "developer", home + "ecs/v2/clusters"},
	{"SecureCart-Security-PermSet", "Audits every account and changes nothing.", 4,
		[]string{"SecurityAudit", "IAMReadOnlyAccess"}, "security", ""},
	{"SecureCart-Finance-PermissionSet", "Sees bills and costs, changes nothing.", 8,
		[]string{"job-function/Billing"}, "finance", "https://us-east-1.console.aws.amazon.com/costmanagement/home"},
	{"SecureCart-Support-PermissionSet", "Reads the order tables to help customers.", 8,
		[]string{"ReadOnlyAccess"}, "support", home + "dynamodbv2/home"},
	{"SecureCart-DataEng-PermSet", "Works with the data services and the data buckets.", 8, nil, "dataeng", ""},
	{"SecureCart-Executive-PermSet", "Reads billing, Cost Explorer and budgets.", 1, nil, "executive", ""},
	{"SecureCart-Product-PermSet", "Reads usage figures and order data.", 4, nil, "product", ""},
}

type group struct{ name, description string }

var groups = []group{
	{"SecureCart-DevOps", "Runs infrastructure and pipelines"},
	{"SecureCart-Developers", "Builds and deploys the shop"},
	{"SecureCart-Security", "Watches over every account"},
	{"SecureCart-Finance", "Sees what everything costs"},
	{"SecureCart-Support", "Helps customers with their orders"},
	{"SecureCart-DataEng", "Looks after the data platform"},
	{"SecureCart-Executives", "Leads the company"},
	{"SecureCart-Product", "Plans what comes next"},
	{"Gatehouse-Auditors", "Read everything in Gatehouse"},
	{"Gatehouse-HelpDesk", "Look after people's sign-in"},
}

type user struct {
	given, family, title string
	groups               []string
	role                 string // what the seed command calls them
}

// users are the people of the sample; user names are given.family in lower case.
var users = []user{
	{"Priya", "Raman", "DevOps lead", []string{"SecureCart-DevOps"}, "devops"},
	{"Marcus", "Lindqvist", "DevOps engineer", []string{"SecureCart-DevOps"}, "devops"},
	{"Ana", "Beltran", "Senior developer", []string{"SecureCart-Developers", "SecureCart-Support"}, "developer"},
	{"Jonas", "Weber", "Developer", []string{"SecureCart-Developers"}, "developer"},
	{"Yuki", "Mori", "Developer", []string{"SecureCart-Developers"}, "developer"},
	{"Daniel", "Osei", "Security engineer", []string{"SecureCart-Security", "Gatehouse-Auditors"}, "auditor"},
	{"Ines", "Duarte", "Security engineer", []string{"SecureCart-Security"}, "security"},
	{"Grace", "Kim", "Controller", []string{"SecureCart-Finance"}, "finance"},
	{"Helena", "Voss", "Head of finance", []string{"SecureCart-Finance"}, "finance"},
	{"Henrik", "Dahl", "Accountant", []string{"SecureCart-Finance"}, "finance"},
	{"Amara", "Diallo", "Support agent", []string{"SecureCart-Support"}, "support"},
	{"Ben", "Carter", "Support agent", []string{"SecureCart-Support"}, "support"},
	{"Luca", "Ferri", "Support agent", []string{"SecureCart-Support"}, "support"},
	{"Noor", "Haddad", "Head of support", []string{"SecureCart-Support", "Gatehouse-HelpDesk"}, "help-desk"},
	{"Mei", "Tanaka", "Data engineer", []string{"SecureCart-DataEng"}, "data-engineer"},
	{"Sofia", "Marin", "CTO", []string{"SecureCart-Executives"}, "executive"},
	{"Tomas", "Vega", "Product manager", []string{"SecureCart-Product"}, "product"},
}

type assignment struct {
	group, set string
	accounts   []model.AccountID
	unit       string // instead of accounts; "/" is the root
	days       int    // ends after so many days; 0: without end
	reason     string
}

var assignments = []assignment{
	{group: "SecureCart-DevOps", set: "SecureCart-DevOps-PermissionSet", unit: "Workloads", reason: "Runs every workload account"},
	{group: "SecureCart-Developers", set: "SecureCart-Developer-PermSet", accounts: []model.AccountID{Dev, Production}, reason: "Deploys the shop"},
	{group: "SecureCart-Security", set: "SecureCart-Security-PermSet", unit: "/", reason: "Audits every account"},
	{group: "SecureCart-Finance", set: "SecureCart-Finance-PermissionSet", accounts: []model.AccountID{Management}, reason: "Bills are in the management account"},
	{group: "SecureCart-Support", set: "SecureCart-Support-PermissionSet", accounts: []model.AccountID{Production}, reason: "Looks up orders"},
	{group: "SecureCart-DataEng", set: "SecureCart-DataEng-PermSet", accounts: []model.AccountID{Production, Dev}, reason: "Runs the data platform"},
	{group: "SecureCart-Executives", set: "SecureCart-Executive-PermSet", accounts: []model.AccountID{Management}, reason: "Follows costs"},
	{group: "SecureCart-Product", set: "SecureCart-Product-PermSet", accounts: []model.AccountID{Production}, reason: "Reads usage"},
	{group: "SecureCart-Support", set: "SecureCart-Support-PermissionSet", accounts: []model.AccountID{Dev}, days: 5, reason: "CHG-204: trains on test orders"},
}

// userName is the name that a person of the sample signs in with.
func (u user) userName() string { return fold(u.given) + "." + fold(u.family) }

func (s set) permissionSet() model.PermissionSet {
	m := model.PermissionSet{Name: s.name, Description: s.description, SessionDuration: time.Duration(s.hours) * time.Hour,
		RelayState: s.relay, InlinePolicy: policy(s.file), Tags: model.Tags{"owner": "platform"}}
	for _, name := range s.managed {
		m.ManagedPolicies = append(m.ManagedPolicies, fmt.Sprintf("arn:aws:iam::aws:policy/%s", name))
	}
	return m
}
