package access

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const (
	largeAccounts = 3000
	largeUnits    = 150 // below the root, in fifteen branches of ten
	largeGroups   = 500
	largeUsers    = 20_000
	largeSets     = 40
	largeRules    = 20_000
)

// largeGraph is a large organization: rules reach accounts, units and the whole, people are in three groups each.
func largeGraph() store.Graph {
	g := store.Graph{Organization: model.Organization{ID: "o-large", RootID: "r-root", Region: "eu-central-1",
		ManagementAccount: "100000000000"}, Documents: map[string]string{
		"all":  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
		"read": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","ec2:Describe*"],"Resource":"*"}]}`}}
	g.OUs = append(g.OUs, store.OUNode{PK: 1, ID: "r-root", Name: "Root"})
	for i := range int64(largeUnits) {
		parent := int64(1)
		if i%10 != 0 {
			parent = i - i%10 + 2
		}
		g.OUs = append(g.OUs, store.OUNode{PK: i + 2, ID: model.OUID(fmt.Sprintf("ou-%08d", i)), Name: fmt.Sprint("Unit ", i), ParentPK: parent})
	}
	for _, u := range g.OUs {
		g.Attachments = append(g.Attachments, store.AttachmentEdge{PolicyPK: 1, PolicyID: "p-FullAWSAccess",
			Kind: model.ServiceControlPolicy, Name: "FullAWSAccess", DocumentHash: "all", OUPK: u.PK})
	}
	for i := range int64(largeAccounts) {
		g.Accounts = append(g.Accounts, store.AccountNode{PK: i + 1, ID: model.AccountID(fmt.Sprint(100000000000 + i)),
			Name: fmt.Sprint("Account ", i), State: model.AccountActive, OUPK: i%largeUnits + 2})
		g.Attachments = append(g.Attachments, store.AttachmentEdge{PolicyPK: 1, PolicyID: "p-FullAWSAccess",
			Kind: model.ServiceControlPolicy, Name: "FullAWSAccess", DocumentHash: "all", AccountPK: i + 1})
	}
	for i := range int64(largeSets) {
		document := "read"
		if i%4 == 0 {
			document = "all"
		}
		g.Sets = append(g.Sets, store.SetNode{PK: i + 1, ID: model.PermissionSetID(fmt.Sprint("ps-", i)), Name: fmt.Sprint("Set ", i), SessionSeconds: 3600})
		g.SetPolicies = append(g.SetPolicies, store.SetPolicyNode{SetPK: i + 1, Kind: store.KindInline, DocumentHash: document})
	}
	for i := range int64(largeGroups) {
		g.Groups = append(g.Groups, store.GroupNode{PK: i + 1, ID: model.GroupID(fmt.Sprint("g-", i)), Name: fmt.Sprint("Group ", i)})
	}
	largePeopleAndRules(&g)
	return g
}

func largePeopleAndRules(g *store.Graph) {
	for i := range int64(largeUsers) {
		g.Users = append(g.Users, store.UserNode{PK: i + 1, ID: model.UserID(fmt.Sprint("u-", i)), UserName: fmt.Sprint("user", i),
			DisplayName: fmt.Sprint("User ", i), Status: model.UserEnabled})
		for j := range int64(3) {
			g.Memberships = append(g.Memberships, store.MembershipEdge{GroupPK: (i*7+j*131)%largeGroups + 1, UserPK: i + 1})
		}
	}
	for i := range int64(largeRules) {
		a := store.AssignmentEdge{PK: i + 1, ID: model.AssignmentID(fmt.Sprint(i)), GroupPK: i*13%largeGroups + 1, SetPK: i*7%largeSets + 1}
		if i%50 == 0 {
			a.OUPK = i/50%(largeUnits+1) + 1
		} else {
			a.AccountPK = i%largeAccounts + 1
		}
		g.Assignments = append(g.Assignments, a)
	}
}

// A page of a large organization counts for every unit who can enter below it.
func BenchmarkEntryOfEveryUnit(b *testing.B) {
	s := newSnapshot(largeGraph(), NewIndex().policies)
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		census := s.Census(now)
		for unit := range s.Units() {
			census.Entry(unit.Below())
		}
	}
}

// After a change of access the snapshot is built from all rows.
func BenchmarkSnapshot(b *testing.B) {
	g, index := largeGraph(), NewIndex()
	for b.Loop() {
		newSnapshot(g, index.policies)
	}
}
