package eval_test

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// gen draws policies and requests from a vocabulary so small that everything meets everything.
type gen struct{ *rand.Rand }

// newGen draws the same for the same seed and stream.
func newGen(seed, stream uint64) gen { return gen{rand.New(rand.NewPCG(seed, stream))} }

func (g gen) pick(words ...string) string { return words[g.IntN(len(words))] }

func (g gen) chance(percent int) bool { return g.IntN(100) < percent }

// world is what requests are put together from: a pool of policies for each kind of layer.
type world struct {
	identity, resource, endpoint, scp, rcp []*draftPolicy // the first of each allows everything
	contexts                               []*draftContext
}

func (g gen) world() *world {
	pool := func(size int, k policyKind) (list []*draftPolicy) {
		for i := range size {
			list = append(list, g.policy(k, i == 0))
		}
		return list
	}
	w := &world{
		identity: pool(6, forCallers), resource: pool(7, forResources), endpoint: pool(3, forEndpoints),
		scp: pool(4, forCallers), rcp: pool(3, forResources),
	}
	for range 8 {
		w.contexts = append(w.contexts, g.context())
	}
	return w
}

// draft is a request in a world of its own.
func (g gen) draft() draft { return g.request(g.world()) }

// request draws a caller, what it asks for, and the policies that have a say.
func (g gen) request(w *world) draft {
	d := draft{Principal: g.principal(), Context: w.contexts[g.IntN(len(w.contexts))]}
	d.Action, d.Resource = g.target()
	d.Owner = g.pick(ours, ours, ours, theirs, "")
	d.Management = g.pick("", "", "", ours, theirs, "333333333333")
	d.Identity = g.some(w.identity, 4)
	if g.chance(30) {
		d.Boundary = g.one(w.identity)
	}
	if g.chance(25) {
		d.Session = g.some(w.identity, 2)
	}
	if g.chance(75) {
		d.ResourcePolicy = g.one(w.resource)
	}
	if g.chance(15) {
		d.Endpoint = g.one(w.endpoint)
	}
	if g.chance(40) {
		d.SCPs = g.levels(w.scp)
	}
	if g.chance(30) {
		d.RCPs = g.levels(w.rcp)
	}
	return d
}

// one is often the policy that allows everything.
func (g gen) one(pool []*draftPolicy) *draftPolicy {
	if g.chance(25) {
		return pool[0]
	}
	return pool[g.IntN(len(pool))]
}

func (g gen) some(pool []*draftPolicy, most int) []*draftPolicy {
	list := []*draftPolicy{}
	for range g.IntN(most + 1) {
		list = append(list, g.one(pool))
	}
	return list
}

func (g gen) levels(pool []*draftPolicy) []draftLevel {
	var list []draftLevel
	for range 1 + g.IntN(3) {
		level := draftLevel{Target: "ou", Policies: g.some(pool, 1)}
		if g.chance(80) {
			level.Policies = append(level.Policies, pool[0])
		}
		list = append(list, level)
	}
	return list
}

const (
	ours   = "111111111111"
	theirs = "222222222222"

	serviceLinked = "arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/linked"
)

func (g gen) principal() string {
	if g.chance(50) {
		return g.pick(alice, session, "arn:aws:iam::222222222222:user/eve")
	}
	return g.pick("arn:aws:iam::111111111111:user/team/alice", "arn:aws:iam::111111111111:role/deploy",
		"arn:aws:iam::111111111111:role/ops/deploy", "arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root",
		"arn:aws:sts::222222222222:assumed-role/deploy/ci-7", "arn:aws:sts::111111111111:federated-user/alice",
		serviceLinked, "arn:aws:sts::111111111111:assumed-role/linked/x", "arn:aws-cn:iam::111111111111:user/alice",
		"arn:aws-cn:iam::111111111111:root", "anonymous", "service:sns.amazonaws.com", "service:ec2.amazonaws.com",
		"arn:aws:iam::111111111111:saml-provider/Corp", "arn:aws:iam::111111111111:oidc-provider/id.example.com/a",
		"accounts.google.com")
}

// target draws an action and a resource, mostly such that belong together.
func (g gen) target() (action, resource string) {
	const role = "arn:aws:iam::111111111111:role/"
	pairs := [...][2]string{
		{"s3:GetObject", object}, {"s3:GetObject", object}, {"S3:getobject", object}, {"s3:PutObject", object},
		{"s3:PutObject", "arn:aws:s3:::orders"},
		{"s3:GetObject", "arn:aws:s3:::team/a"}, {"s3:GetObject", "arn:aws:s3:::" + g.letters("ab/:", 4)},
		{"sqs:SendMessage", "arn:aws:sqs:eu-west-1:111111111111:jobs"},
		{"sqs:SendMessage", "arn:aws:sqs:us-east-1:222222222222:" + g.letters("ab:", 3)},
		{"kms:Decrypt", "arn:aws:kms:eu-west-1:111111111111:key/k"},
		{"kms:Decrypt", "arn:aws:kms:eu-west-1:222222222222:key/k"},
		{"kms:CreateAlias", "arn:aws:kms:eu-west-1:111111111111:alias/aws/s3"},
		{"kms:CreateAlias", "arn:aws:kms:eu-west-1:111111111111:alias/own"},
		{"sts:AssumeRole", role + "deploy"}, {"sts:AssumeRole", role + "deploy"}, {"sts:TagSession", role + "deploy"},
		{"sts:AssumeRoleWithSAML", role + "deploy"}, {"sts:AssumeRoleWithWebIdentity", role + "ops/deploy"},
		{"sts:GetCallerIdentity", "*"}, {"ec2:DescribeInstances", "*"}, {"iam:GetRole", role + "aws-reserved/x"},
		{"iam:PutRolePolicy", role + "aws-reserved/x"}, {"iam:GetUser", alice}, {"s3:GetObject", object}, {"iam:PassRole", role + "aws-reserved/x"},
		{"iam:PutRolePolicy", role + "deploy"}, {"iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess"},
	}
	pair := pairs[g.IntN(len(pairs))]
	if g.chance(10) {
		return pair[0], pairs[g.IntN(len(pairs))][1]
	}
	return pair[0], pair[1]
}

// letters is a short random text.
func (g gen) letters(alphabet string, most int) string {
	from, text := []rune(alphabet), make([]rune, g.IntN(most+1))
	for i := range text {
		text[i] = from[g.IntN(len(from))]
	}
	return string(text)
}

// context draws the keys of a request, most with values of the kind their name says.
func (g gen) context() *draftContext {
	c := map[string]any{}
	kinds := map[string]valueKind{"a:tag": textValue, "a:text": lettersValue, "a:number": numberValue, "a:date": dateValue,
		"a:bool": boolValue, "a:bin": binaryValue, "a:ip": ipValue, "a:arn": arnValue, "a:set": textValue}
	for _, key := range slices.Sorted(maps.Keys(kinds)) {
		if g.chance(40) {
			continue
		}
		value := func() string { return g.requestValue(kinds[key]) }
		if key == "a:set" || g.chance(8) {
			list := []string{}
			for range g.IntN(4) {
				list = append(list, value())
			}
			c[key] = list
		} else {
			c[key] = value()
		}
	}
	if g.chance(60) {
		c["a:account"] = g.pick(ours, theirs)
	}
	if g.chance(40) {
		c["aws:PrincipalArn"] = g.pick(serviceLinked, alice, "arn:aws:iam::111111111111:role/deploy", "arn:aws:iam::111111111111:a:b:c", "odd")
	}
	return &draftContext{keys: c}
}
