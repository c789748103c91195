// Package eval owns the AWS policy language: it parses, validates, compiles, decides
// and explains. It knows what a policy says and nothing else. Who a person is, which
// policies somebody has and where an account hangs in an organization are the
// business of the caller, who puts the answers into an Input. The package imports the
// standard library only and reads neither clock nor disk nor network: the same Input
// gets the same answer, always.
//
// # The way of a policy
//
// Parse reads a text into a Document: every element with its place, nothing
// interpreted. It is strict, because a key that is written twice or an element nobody
// knows makes a policy say something else than it seems to say.
//
// Compile goes on to a Policy: patterns cut into chunks, numbers, dates and networks
// read, operators resolved, statements indexed by the actions and resources they name. A
// Policy never changes, so compile once and share it; Join those that are asked together.
//
// Decide asks each layer that applies for its verdict (survey.go) and weighs the
// verdicts in AWS's order (decide.go, one page). It allocates nothing.
//
// Explain calls Decide and then walks the same statements again, slowly, writing down
// which element of which statement matched, missed or could not be read. Where the request
// lacks condition keys it also finds out whether values of them could turn the answer
// around, and which (dependence.go).
//
// Validate is for the person who writes a policy: findings with AWS's own check names
// and severities, each at its place, each saying what to write instead.
//
// # What it does when in doubt
//
// It fails closed. Where AWS is silent, the choice is written down beside the code and
// in docs/evaluation.md. A statement that cannot be read never allows; as a Deny it
// makes the decision an error (UnreadableError), because it might have denied.
package eval
