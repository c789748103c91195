package main

import (
	"errors"
	"flag"
	"fmt"
)

// helped prints the help if that is what the flags asked for.
func (p process) helped(err error, help string) error {
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(p.out, help)
	}
	return err
}

const evalHelp = `NAME
    console eval - decide requests as AWS does

SYNOPSIS
    console eval [--explain] < scenarios.jsonl

DESCRIPTION
    Reads scenarios, one JSON object a line, and writes one JSON line for each, in the same order. A scenario brings
    everything that has a say along: nothing is looked up, and no condition key is added.

        id                        any text; it comes back
        principal                 ARN of a user, role, role session, federated user, root user or identity
                                  provider; "service:NAME", or "anonymous"
        action, resource          one action, such as s3:GetObject, on one ARN, or on "*"
        resourceAccount           who owns the resource; left out, the account in its ARN or the caller's
        context                   condition keys; a list is a key with several values, even with one
        identityPolicies          list of {"name", "document"}
        permissionsBoundary       {"name", "document"}
        sessionPolicies           list of {"name", "document"}
        resourcePolicy            {"name", "document"}; for sts:AssumeRole* the role's trust policy
        vpcEndpointPolicy         {"name", "document"}
        serviceControlPolicies    list of {"target", "policies"}, the root first, the account last
        resourceControlPolicies   the same, over the account of the resource
        managementAccount         exempt from service and resource control policies

    The answer is {"id", "decision", "decidedBy"} with the decision allowed, explicitDeny or implicitDeny, or
    {"id", "error"}: the scenario cannot be read, or a Deny that may concern the request cannot.

OPTIONS
    --explain   write the whole explanation of each decision:
                  reason, decidingStatement   why, and the statement it rests on, with line and column
                  layers                      what each layer says, and each element of each statement
                  matchedStatements           all statements that match
                  nearestMisses               for an implicit deny: what came closest, and what missed
                  blockedBy                   layers each of which alone would block the request
                  missingKeys                 condition keys asked for in vain, of every layer; with
                                              matchedBecauseAbsent, a condition is met only because of that
                  depends                     if values of missing keys could turn the answer around: which,
                                              in terms and words, with an example that was decided
                  evaluationResult            the same in the shape of AWS's SimulateCustomPolicy

    A signed-in program that may iam:SimulatePrincipalPolicy gets the same by posting one scenario as JSON to
    /simulate/explain.

EXIT STATUS
    0, unless the lines themselves cannot be read or written

EXAMPLES
    console eval < scenarios.jsonl
    console eval --explain < scenarios.jsonl | jq -r '.id + ": " + (.depends.words // .reason)'
`
