// Package workload defines the peer-neutral benchmark workload format, a seeded
// generator and a naive reference evaluator that fixes the expected decisions.
package workload

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"net/netip"
	"os"
	"strings"
)

// Statement is one statement of a policy.
type Statement struct {
	Sid       string                         `json:"Sid,omitempty"`
	Effect    string                         `json:"Effect"`
	Action    []string                       `json:"Action"`
	Resource  []string                       `json:"Resource"`
	Condition map[string]map[string][]string `json:"Condition,omitempty"`
}

// Document is a policy as written.
type Document struct {
	Version   string      `json:"Version"`
	Statement []Statement `json:"Statement"`
}

// Policy is a document with a name.
type Policy struct {
	Name     string   `json:"name"`
	Document Document `json:"document"`
}

// Request is what is decided. Its context values are strings, as they appear on the wire.
// Expect is one of allow | explicitDeny | implicitDeny.
type Request struct {
	Action   string            `json:"action"`
	Resource string            `json:"resource"`
	Context  map[string]string `json:"context"`
	Expect   string            `json:"expect"`
}

// Workload is one principal with its policies and requests.
type Workload struct {
	Name      string    `json:"name"`
	Seed      int64     `json:"seed"`
	Principal string    `json:"principal"`
	Account   string    `json:"account"`
	Catalog   []string  `json:"catalog"` // every known action; engines may pre-expand wildcards with it
	Policies  []Policy  `json:"policies"`
	Requests  []Request `json:"requests"`
}

// Statements returns the statements of all policies.
func (w *Workload) Statements() []Statement {
	var out []Statement
	for _, p := range w.Policies {
		out = append(out, p.Document.Statement...)
	}
	return out
}

const account = "123456789012"

type rtype struct {
	svc     string
	arn     string // {r} region, {a} account, {n} name
	actions []string
}

func rt(svc, arn string, actions ...string) rtype { return rtype{svc, arn, actions} }

// Catalog: real AWS actions with the resource type each accepts. kms:/sts: are left
// out because MinIO special-cases them.
var catalog = []rtype{
	rt("s3", "arn:aws:s3:::{n}/data/obj.bin", "GetObject", "PutObject", "DeleteObject", "GetObjectTagging", "PutObjectTagging", "GetObjectAcl", "AbortMultipartUpload", "RestoreObject"),
	rt("s3", "arn:aws:s3:::{n}", "ListBucket", "GetBucketPolicy", "PutBucketPolicy", "GetBucketTagging", "GetBucketVersioning", "DeleteBucket"),
	rt("ec2", "arn:aws:ec2:{r}:{a}:instance/{n}", "StartInstances", "StopInstances", "RebootInstances", "TerminateInstances"),
	rt("ec2", "arn:aws:ec2:{r}:{a}:volume/{n}", "DeleteVolume", "ModifyVolume", "EnableVolumeIO"),
	rt("dynamodb", "arn:aws:dynamodb:{r}:{a}:table/{n}", "GetItem", "PutItem", "Query", "Scan", "UpdateItem", "DeleteItem", "BatchGetItem", "BatchWriteItem", "DescribeTable"),
	rt("lambda", "arn:aws:lambda:{r}:{a}:function:{n}", "InvokeFunction", "GetFunction", "UpdateFunctionCode", "DeleteFunction", "GetPolicy", "PublishVersion"),
	rt("sqs", "arn:aws:sqs:{r}:{a}:{n}", "SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "PurgeQueue", "DeleteQueue"),
	rt("sns", "arn:aws:sns:{r}:{a}:{n}", "Publish", "Subscribe", "GetTopicAttributes", "DeleteTopic"),
	rt("iam", "arn:aws:iam::{a}:user/{n}", "GetUser", "ListUserPolicies", "DeleteUser", "UpdateUser", "TagUser"),
	rt("iam", "arn:aws:iam::{a}:role/{n}", "GetRole", "DeleteRole", "AttachRolePolicy", "ListRolePolicies", "UpdateRole"),
	rt("logs", "arn:aws:logs:{r}:{a}:log-group:{n}", "DescribeLogStreams", "FilterLogEvents", "DeleteLogGroup", "PutRetentionPolicy", "CreateLogStream"),
	rt("secretsmanager", "arn:aws:secretsmanager:{r}:{a}:secret:{n}", "GetSecretValue", "DescribeSecret", "PutSecretValue", "DeleteSecret"),
	rt("ssm", "arn:aws:ssm:{r}:{a}:parameter/{n}", "GetParameter", "GetParameters", "PutParameter", "DeleteParameter"),
	rt("ecr", "arn:aws:ecr:{r}:{a}:repository/{n}", "BatchGetImage", "GetDownloadUrlForLayer", "PutImage", "DescribeImages"),
	rt("ecs", "arn:aws:ecs:{r}:{a}:cluster/{n}", "DescribeClusters", "DeleteCluster", "UpdateCluster"),
	rt("rds", "arn:aws:rds:{r}:{a}:db:{n}", "StartDBInstance", "StopDBInstance", "RebootDBInstance", "DeleteDBInstance"),
	rt("kinesis", "arn:aws:kinesis:{r}:{a}:stream/{n}", "GetRecords", "PutRecord", "PutRecords", "DescribeStream"),
	rt("firehose", "arn:aws:firehose:{r}:{a}:deliverystream/{n}", "PutRecord", "DescribeDeliveryStream", "DeleteDeliveryStream"),
	rt("states", "arn:aws:states:{r}:{a}:stateMachine:{n}", "StartExecution", "DescribeStateMachine", "ListExecutions"),
	rt("codebuild", "arn:aws:codebuild:{r}:{a}:project/{n}", "StartBuild", "BatchGetProjects", "UpdateProject"),
	rt("athena", "arn:aws:athena:{r}:{a}:workgroup/{n}", "StartQueryExecution", "GetQueryExecution", "GetWorkGroup"),
	rt("events", "arn:aws:events:{r}:{a}:rule/{n}", "PutRule", "DeleteRule", "DescribeRule"),
	rt("cloudwatch", "arn:aws:cloudwatch:{r}:{a}:alarm:{n}", "PutMetricAlarm", "DeleteAlarms", "SetAlarmState"),
	rt("elasticfilesystem", "arn:aws:elasticfilesystem:{r}:{a}:file-system/{n}", "DeleteFileSystem", "UpdateFileSystem", "ClientMount"),
	rt("backup", "arn:aws:backup:{r}:{a}:backup-vault:{n}", "DescribeBackupVault", "DeleteBackupVault", "StartBackupJob"),
	rt("eks", "arn:aws:eks:{r}:{a}:cluster/{n}", "DescribeCluster", "UpdateClusterConfig", "DeleteCluster"),
	rt("cognito-idp", "arn:aws:cognito-idp:{r}:{a}:userpool/{n}", "ListUsers", "AdminGetUser", "AdminCreateUser"),
	rt("sagemaker", "arn:aws:sagemaker:{r}:{a}:endpoint/{n}", "DescribeEndpoint", "InvokeEndpoint", "DeleteEndpoint"),
}

var regions = []string{"us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1"}
var envs = []string{"prod", "dev", "stg"}

// CatalogActions returns every action that a workload may name.
func CatalogActions() []string {
	var out []string
	for _, r := range catalog {
		for _, a := range r.actions {
			out = append(out, r.svc+":"+a)
		}
	}
	return out
}

type gen struct {
	rnd   *rand.Rand
	broad bool // small workload: broader patterns
}

func (g *gen) pick(s []string) string { return s[g.rnd.Intn(len(s))] }
func (g *gen) name() (env, team, app, nn string) {
	return g.pick(envs), fmt.Sprintf("team%02d", g.rnd.Intn(40)), fmt.Sprintf("app%02d", g.rnd.Intn(25)), fmt.Sprintf("%02d", g.rnd.Intn(100))
}
func fill(t, region, name string) string {
	return strings.NewReplacer("{r}", region, "{a}", account, "{n}", name).Replace(t)
}

// pattern makes an ARN pattern. Slash-free ARN patterns always end in '*' or are exact
// (MinIO appends '/' to slash-free resources), and '?' is not used (Cedar and moto lack it).
func (g *gen) pattern(r rtype) string {
	env, team, app, nn := g.name()
	region := g.pick(regions)
	if g.rnd.Intn(3) == 0 {
		region = "*"
	}
	if !strings.Contains(r.arn, "{r}") {
		region = ""
	}
	var n string
	x := g.rnd.Intn(100)
	switch {
	case g.broad && x < 20:
		n = "*"
	case g.broad && x < 55:
		n = env + "-*"
	case g.broad && x < 80:
		n = env + "-" + team + "-*"
	case x < 40:
		n = env + "-" + team + "-" + app + "-*"
	case x < 55:
		n = "*-" + team + "-" + app + "-*"
	default:
		n = env + "-" + team + "-" + app + "-" + nn
		if region == "*" {
			n = env + "-" + team + "-" + app + "-*"
		}
	}
	s := fill(r.arn, region, n)
	if strings.HasSuffix(r.arn, "/data/obj.bin") {
		s = strings.TrimSuffix(s, "/data/obj.bin") + g.pickw("/*", "/data/*", "/data/*.bin")
	}
	return s
}
func (g *gen) pickw(s ...string) string { return s[g.rnd.Intn(len(s))] }

func (g *gen) actionPatterns(r rtype, n int) []string {
	seen := map[string]bool{}
	var out []string
	for len(out) < n && len(seen) < 50 {
		a := g.pick(r.actions)
		p := r.svc + ":" + a
		switch x := g.rnd.Intn(100); {
		case x < 20: // verb wildcard, e.g. s3:Get*
			i := 1
			for i < len(a) && a[i] >= 'a' && a[i] <= 'z' {
				i++
			}
			p = r.svc + ":" + a[:i] + "*"
		case g.broad && x < 28:
			p = r.svc + ":*"
		}
		if !seen[p] {
			out = append(out, p)
		} else {
			seen[p+fmt.Sprint(len(seen))] = true
		}
		seen[p] = true
	}
	return out
}

func (g *gen) statement(i int, withCond bool) Statement {
	r := catalog[g.rnd.Intn(len(catalog))]
	s := Statement{Sid: fmt.Sprintf("S%d", i), Effect: "Allow", Action: g.actionPatterns(r, 1+g.rnd.Intn(5))}
	if g.rnd.Intn(100) < 8 {
		s.Effect = "Deny"
	}
	if g.broad && g.rnd.Intn(100) < 25 && s.Effect == "Allow" {
		s.Resource = []string{"*"}
	} else {
		for k := 0; k < 1+g.rnd.Intn(3); k++ {
			s.Resource = append(s.Resource, g.pattern(r))
		}
	}
	if withCond {
		s.Condition = g.cond(g.rnd.Intn(3))
	}
	return s
}

func (g *gen) cond(k int) map[string]map[string][]string {
	switch k {
	case 0:
		return map[string]map[string][]string{"StringEquals": {"aws:RequestedRegion": {"us-east-1", "eu-west-1"}}}
	case 1:
		return map[string]map[string][]string{"IpAddress": {"aws:SourceIp": {"10.0.0.0/8", "203.0.113.0/24"}}}
	default:
		return map[string]map[string][]string{"Bool": {"aws:MultiFactorAuthPresent": {"true"}}}
	}
}

func (g *gen) ctx() map[string]string {
	c := map[string]string{"aws:RequestedRegion": g.pick(regions)}
	if g.rnd.Intn(2) == 0 {
		c["aws:SourceIp"] = fmt.Sprintf("10.%d.%d.%d", g.rnd.Intn(256), g.rnd.Intn(256), g.rnd.Intn(256))
	} else {
		c["aws:SourceIp"] = fmt.Sprintf("198.51.100.%d", g.rnd.Intn(256))
	}
	switch x := g.rnd.Intn(10); {
	case x < 5:
		c["aws:MultiFactorAuthPresent"] = "true"
	case x < 8:
		c["aws:MultiFactorAuthPresent"] = "false"
	}
	return c
}

func (g *gen) randomRequest() Request {
	r := catalog[g.rnd.Intn(len(catalog))]
	env, team, app, nn := g.name()
	return Request{Action: r.svc + ":" + g.pick(r.actions), Resource: fill(r.arn, g.pick(regions), env+"-"+team+"-"+app+"-"+nn), Context: g.ctx()}
}

// targetedRequest instantiates a request that hits the action and resource of one statement.
func (g *gen) targetedRequest(sts []Statement) (Request, bool) {
	s := sts[g.rnd.Intn(len(sts))]
	ap := g.pick(s.Action)
	rp := g.pick(s.Resource)
	for try := 0; try < 40; try++ {
		r := catalog[g.rnd.Intn(len(catalog))]
		a := r.svc + ":" + g.pick(r.actions)
		if !Glob(ap, a) {
			continue
		}
		env, team, app, nn := g.name()
		reg := g.pick(regions)
		tmpl := fill(r.arn, reg, env+"-"+team+"-"+app+"-"+nn)
		res := overlay(rp, tmpl, r, g)
		if res != "" && Glob(rp, res) && Glob(fill(r.arn, "*", "*"), res) && strings.Count(res, "/") == strings.Count(r.arn, "/") {
			return Request{Action: a, Resource: res, Context: g.ctx()}, true
		}
	}
	return Request{}, false
}

func overlay(pat, tmpl string, r rtype, g *gen) string {
	if pat == "*" {
		return tmpl
	}
	// take pattern, fill stars: region star then trailing stars
	ps, ts := strings.Split(pat, ":"), strings.Split(tmpl, ":")
	if len(ps) != len(ts) {
		return ""
	}
	for i := range ps {
		if ps[i] == "*" && i == 3 {
			ps[i] = ts[i]
		}
	}
	out := strings.Join(ps, ":")
	_, team, app, nn := g.name()
	env := g.pick(envs)
	for strings.Contains(out, "*") {
		switch {
		case strings.Contains(out, ":*-team"), strings.Contains(out, "/*-team"):
			out = strings.Replace(out, "*-team", env+"-team", 1)
		case strings.HasSuffix(out, "/data/*.bin"):
			out = strings.TrimSuffix(out, "*.bin") + "obj.bin"
		case strings.HasSuffix(out, "/data/*"):
			out = strings.TrimSuffix(out, "*") + "obj.bin"
		case strings.HasSuffix(out, "/*") && strings.HasPrefix(out, "arn:aws:s3") && strings.Count(out, "*") == 1:
			out = strings.TrimSuffix(out, "*") + "data/obj.bin"
		default:
			i := strings.Index(out, "*")
			pre := out[:i]
			switch strings.Count(pre[strings.LastIndexAny(pre, ":/")+1:], "-") {
			case 0:
				out = pre + env + "-" + team + "-" + app + "-" + nn + out[i+1:]
			case 1:
				out = pre + team + "-" + app + "-" + nn + out[i+1:]
			case 2:
				out = pre + app + "-" + nn + out[i+1:]
			default:
				out = pre + nn + out[i+1:]
			}
		}
	}
	return out
}

// Generate builds a workload of nStmt statements over nPol policies with nReq requests,
// half of them allowed, deterministically from seed. conds = number of statements with a Condition.
func Generate(name string, seed int64, nPol, nStmt, conds, nReq int, broad bool) *Workload {
	g := &gen{rnd: rand.New(rand.NewSource(seed)), broad: broad}
	w := &Workload{Name: name, Seed: seed, Principal: "arn:aws:iam::" + account + ":user/alice", Account: account, Catalog: CatalogActions()}
	var sts []Statement
	for i := 0; i < nStmt; i++ {
		sts = append(sts, g.statement(i, false))
	}
	if conds > 0 && nStmt >= conds {
		step := nStmt / conds
		for k := 0; k < conds; k++ {
			sts[k*step].Condition = g.cond(k % 3)
			if k%3 == 2 && k < 3 { // one deny without MFA
				sts[k*step].Effect = "Deny"
				sts[k*step].Condition = map[string]map[string][]string{"Bool": {"aws:MultiFactorAuthPresent": {"false"}}}
			}
		}
	}
	per := (nStmt + nPol - 1) / nPol
	for i := 0; i < nStmt; i += per {
		w.Policies = append(w.Policies, Policy{Name: fmt.Sprintf("P%d", len(w.Policies)), Document: Document{Version: "2012-10-17", Statement: sts[i:min(i+per, nStmt)]}})
	}
	want := map[bool]int{true: nReq / 2, false: nReq - nReq/2}
	for tries := 0; want[true]+want[false] > 0 && tries < 2_000_000; tries++ {
		var rq Request
		ok := true
		if g.rnd.Intn(4) != 0 {
			rq, ok = g.targetedRequest(sts)
		} else {
			rq = g.randomRequest()
		}
		if !ok {
			continue
		}
		rq.Expect = Reference(sts, &rq)
		al := rq.Expect == "allow"
		if want[al] > 0 {
			want[al]--
			w.Requests = append(w.Requests, rq)
		}
	}
	g.rnd.Shuffle(len(w.Requests), func(i, j int) { w.Requests[i], w.Requests[j] = w.Requests[j], w.Requests[i] })
	return w
}

// Reference is the obviously-correct evaluator (explicit deny > allow > implicit deny).
func Reference(sts []Statement, rq *Request) string {
	allowed := false
	for i := range sts {
		s := &sts[i]
		if !any(s.Action, func(p string) bool { return Glob(strings.ToLower(p), strings.ToLower(rq.Action)) }) ||
			!any(s.Resource, func(p string) bool { return Glob(p, rq.Resource) }) || !refCond(s.Condition, rq.Context) {
			continue
		}
		if s.Effect == "Deny" {
			return "explicitDeny"
		}
		allowed = true
	}
	if allowed {
		return "allow"
	}
	return "implicitDeny"
}

func any(s []string, f func(string) bool) bool {
	for _, x := range s {
		if f(x) {
			return true
		}
	}
	return false
}

func refCond(c map[string]map[string][]string, ctx map[string]string) bool {
	for op, kv := range c {
		for k, vals := range kv {
			v, ok := ctx[k]
			if !ok {
				return false
			}
			switch op {
			case "StringEquals":
				if !any(vals, func(x string) bool { return x == v }) {
					return false
				}
			case "Bool":
				if !any(vals, func(x string) bool { return strings.EqualFold(x, v) }) {
					return false
				}
			case "IpAddress":
				a, err := netip.ParseAddr(v)
				if err != nil || !any(vals, func(x string) bool { return netip.MustParsePrefix(x).Contains(a) }) {
					return false
				}
			default:
				panic("op " + op)
			}
		}
	}
	return true
}

// Glob matches a text: '*' any run, '?' one byte; iterative with backtracking to the last star.
func Glob(p, s string) bool {
	pi, si, star, mark := 0, 0, -1, 0
	for si < len(s) {
		if pi < len(p) && (p[pi] == '?' || (p[pi] == s[si] && p[pi] != '*')) {
			pi++
			si++
		} else if pi < len(p) && p[pi] == '*' {
			star, mark = pi, si
			pi++
		} else if star >= 0 {
			pi = star + 1
			mark++
			si = mark
		} else {
			return false
		}
	}
	for pi < len(p) && p[pi] == '*' {
		pi++
	}
	return pi == len(p)
}

// Load reads a workload from a file.
func Load(path string) (*Workload, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var w Workload
	return &w, json.Unmarshal(b, &w)
}
