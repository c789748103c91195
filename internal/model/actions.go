package model

import "slices"

import "strings"

// The actions that the console authorises and records: one vocabulary for permissions, routes and the trail. They are
// AWS's own where AWS has one; gatehouse: where it has none.
const (
	ActListUsers        = "identitystore:ListUsers"
	ActCreateUser       = "identitystore:CreateUser"
	ActUpdateUser       = "identitystore:UpdateUser"
	ActDeleteUser       = "identitystore:DeleteUser"
	ActEnableUser       = "sso-directory:EnableUser"
	ActDisableUser      = "sso-directory:DisableUser"
	ActListGroups       = "identitystore:ListGroups"
	ActCreateGroup      = "identitystore:CreateGroup"
	ActUpdateGroup      = "identitystore:UpdateGroup"
	ActDeleteGroup      = "identitystore:DeleteGroup"
	ActCreateMembership = "identitystore:CreateGroupMembership"
	ActDeleteMembership = "identitystore:DeleteGroupMembership"

	ActListAccounts  = "organizations:ListAccounts"
	ActCreateAccount = "organizations:CreateAccount"
	ActUpdateAccount = "account:PutAccountName"
	ActMoveAccount   = "organizations:MoveAccount"
	ActRemoveAccount = "organizations:RemoveAccountFromOrganization"
	ActCreateOU      = "organizations:CreateOrganizationalUnit"
	ActUpdateOU      = "organizations:UpdateOrganizationalUnit"
	ActDeleteOU      = "organizations:DeleteOrganizationalUnit"
	ActListPolicies  = "organizations:ListPolicies"
	ActCreatePolicy  = "organizations:CreatePolicy"
	ActUpdatePolicy  = "organizations:UpdatePolicy"
	ActDeletePolicy  = "organizations:DeletePolicy"
	ActAttachPolicy  = "organizations:AttachPolicy"
	ActDetachPolicy  = "organizations:DetachPolicy"

	ActCreateInstance      = "sso:CreateInstance"
	ActListPermissionSets  = "sso:ListPermissionSets"
	ActCreatePermissionSet = "sso:CreatePermissionSet"
	ActUpdatePermissionSet = "sso:UpdatePermissionSet"
	ActDeletePermissionSet = "sso:DeletePermissionSet"
	ActAttachManaged       = "sso:AttachManagedPolicyToPermissionSet"
	ActDetachManaged       = "sso:DetachManagedPolicyFromPermissionSet"
	ActAttachCustomer      = "sso:AttachCustomerManagedPolicyReferenceToPermissionSet"
	ActDetachCustomer      = "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet"
	ActPutInline           = "sso:PutInlinePolicyToPermissionSet"
	ActDeleteInline        = "sso:DeleteInlinePolicyFromPermissionSet"
	ActPutBoundary         = "sso:PutPermissionsBoundaryToPermissionSet"
	ActDeleteBoundary      = "sso:DeletePermissionsBoundaryFromPermissionSet"
	ActTagResource         = "sso:TagResource"
	ActUntagResource       = "sso:UntagResource"
	ActListAssignments     = "sso:ListAccountAssignments"
	ActCreateAssignment    = "sso:CreateAccountAssignment"
	ActDeleteAssignment    = "sso:DeleteAccountAssignment"
	ActGetRoleCredentials  = "sso:GetRoleCredentials" // #nosec G101 -- a name, not a secret

	ActSimulate       = "iam:SimulatePrincipalPolicy"
	ActListScenarios  = "gatehouse:ListScenarios"
	ActSaveScenario   = "gatehouse:SaveScenario"
	ActDeleteScenario = "gatehouse:DeleteScenario"
	ActGenerateReport = "iam:GenerateCredentialReport"
	ActGetReport      = "iam:GetCredentialReport"
	ActReadAudit      = "gatehouse:ReadAudit"
	ActReadOverview   = "gatehouse:ReadOverview"

	ActInviteUser        = "gatehouse:InviteUser"
	ActResetPassword     = "gatehouse:ResetPassword"
	ActResetMFA          = "gatehouse:ResetMFA"
	ActListSessions      = "gatehouse:ListSessions"
	ActEndSession        = "gatehouse:EndSession"
	ActRevokeRoleSession = "gatehouse:RevokeRoleSession"
	ActOffboard          = "gatehouse:OffboardUser"

	ActReadSignInPolicy   = "gatehouse:ReadSignInPolicy"
	ActUpdateSignInPolicy = "gatehouse:UpdateSignInPolicy"
	ActAskApproval        = "gatehouse:AskApproval" // a second administrator, for an act of the highest value
	ActApprove            = "gatehouse:Approve"     // it, beside the act itself
	ActDeclineApproval    = "gatehouse:DeclineApproval"
	ActWithdrawApproval   = "gatehouse:WithdrawApproval"
	ActEndApproval        = "gatehouse:EndApproval" // nobody decided in time, or who asked is gone
	ActReadMail           = "gatehouse:ReadMail"
	ActSendTestMail       = "gatehouse:SendTestMail"

	// Acts on oneself need sign-in only; acts before sign-in need what their step asks for.
	ActSignIn         = "gatehouse:SignIn"
	ActEnterPassword  = "gatehouse:EnterPassword" // right, and the second factor still to come
	ActStepUp         = "gatehouse:StepUp"        // the second factor once more, for a dangerous act
	ActSignOut        = "gatehouse:SignOut"
	ActSetUp          = "gatehouse:SetUp"
	ActRecover        = "gatehouse:Recover"
	ActAcceptLink     = "gatehouse:AcceptLink"
	ActProvision      = "gatehouse:ProvisionCredentials" // by the host: a password and an authenticator app at once
	ActChangePassword = "gatehouse:ChangePassword"
	ActForgotPassword = "gatehouse:ForgotPassword"
	ActForgetBrowser  = "gatehouse:ForgetBrowser"
	ActAddDevice      = "gatehouse:AddMFADevice"
	ActRenameDevice   = "gatehouse:RenameMFADevice"
	ActRemoveDevice   = "gatehouse:RemoveMFADevice"
	ActRenewCodes     = "gatehouse:RenewRecoveryCodes"
	ActAdoptCatalog   = "gatehouse:AdoptCatalogue"

	// What the console does by itself.
	ActSlowCodes = "gatehouse:SlowDownCodes" // codes from unknown browsers take turns, after many people's were turned off

	// Acts of the host alone, for which nobody can have permission.
	ActGuardRows    = "gatehouse:GuardRows"    // the first MACs of rows that had none
	ActRotateKeys   = "gatehouse:RotateKeys"   // all secrets and MACs under a new master key
	ActAcceptDamage = "gatehouse:AcceptDamage" // go on with rows or events that were changed from outside
)

// Dangerous reports whether an act asks for a second factor that was proved within the last minutes: with it, whoever sits
// down at a browser that somebody left open could lock people out, lift guardrails, or stay.
func Dangerous(action string) bool { return slices.Contains(DangerousActions(), action) }

// DangerousActions lists the actions that are Dangerous. A verb has nothing to do for it: recording one of them asks.
func DangerousActions() []string {
	return []string{
		ActDeleteUser, ActInviteUser, ActResetPassword, ActResetMFA,
		ActCreatePolicy, ActUpdatePolicy, ActDeletePolicy, ActAttachPolicy, ActDetachPolicy,
		ActAddDevice, ActRemoveDevice, ActRenewCodes, ActUpdateSignInPolicy, ActApprove,
	}
}

// Two says when an act is of the highest value, so that a second administrator has to approve it where the sign-in policy
// asks for that.
type Two int

// When a second administrator has to approve an act. Whatever the action, an act that gives somebody a role in the management
// account, or changes what such a role may do, is one for two: see access.Snapshot.Operating.
const (
	OneIsEnough    Two = iota
	TwoOnOperators     // where the person that it is about holds a role in the management account
	TwoAlways
)

// ActionsForTwo lists the actions that need two people whatever they are about.
func ActionsForTwo() []string {
	return []string{ActCreatePolicy, ActUpdatePolicy, ActDeletePolicy, ActAttachPolicy, ActDetachPolicy, ActUpdateSignInPolicy, ActDeleteUser}
}

// ForTwo says when an action is of the highest value: guardrails, the rules for signing in, people for good, and whatever
// could make somebody sign in as an operator. What has to be quick is never among them: disabling and offboarding people,
// ending sessions, revoking role credentials.
func ForTwo(action string) Two {
	switch {
	case slices.Contains(ActionsForTwo(), action):
		return TwoAlways
	case slices.Contains([]string{ActUpdateUser, ActInviteUser, ActResetPassword, ActResetMFA}, action):
		return TwoOnOperators
	}
	return OneIsEnough
}

// OwnActions returns the actions that AWS has no name for, without their prefix gatehouse.
func OwnActions() []string {
	var names []string
	for _, action := range []string{
		ActListScenarios, ActSaveScenario, ActDeleteScenario, ActReadAudit, ActReadOverview, ActInviteUser, ActResetPassword,
		ActResetMFA, ActListSessions, ActEndSession, ActRevokeRoleSession, ActAdoptCatalog,
		ActOffboard, ActReadSignInPolicy, ActUpdateSignInPolicy, ActReadMail, ActSendTestMail,
	} {
		names = append(names, strings.TrimPrefix(action, "gatehouse:"))
	}
	return names
}

// Actions lists every action, in order of their words.
func Actions() []string {
	return slices.Sorted(slices.Values([]string{
		ActListUsers, ActCreateUser, ActUpdateUser, ActDeleteUser, ActEnableUser, ActDisableUser,
		ActListGroups, ActCreateGroup, ActUpdateGroup, ActDeleteGroup, ActCreateMembership, ActDeleteMembership,
		ActListAccounts, ActCreateAccount, ActUpdateAccount, ActMoveAccount, ActRemoveAccount, ActCreateOU,
		ActUpdateOU, ActDeleteOU, ActListPolicies, ActCreatePolicy, ActUpdatePolicy, ActDeletePolicy,
		ActAttachPolicy, ActDetachPolicy, ActCreateInstance, ActListPermissionSets, ActCreatePermissionSet, ActUpdatePermissionSet,
		ActDeletePermissionSet, ActAttachManaged, ActDetachManaged, ActAttachCustomer, ActDetachCustomer, ActPutInline,
		ActDeleteInline, ActPutBoundary, ActDeleteBoundary, ActTagResource, ActUntagResource, ActListAssignments,
		ActCreateAssignment, ActDeleteAssignment, ActGetRoleCredentials, ActSimulate, ActListScenarios, ActSaveScenario,
		ActDeleteScenario, ActGenerateReport, ActGetReport, ActReadAudit, ActReadOverview, ActInviteUser,
		ActResetPassword, ActResetMFA, ActListSessions, ActEndSession, ActRevokeRoleSession, ActSignIn,
		ActSignOut, ActSetUp, ActRecover, ActChangePassword, ActAddDevice, ActRenameDevice,
		ActRemoveDevice, ActRenewCodes, ActAdoptCatalog, ActEnterPassword, ActStepUp, ActAcceptLink, ActProvision,
		ActGuardRows, ActRotateKeys, ActAcceptDamage,
		ActOffboard, ActReadSignInPolicy, ActUpdateSignInPolicy, ActReadMail, ActSendTestMail, ActForgotPassword,
		ActForgetBrowser, ActAskApproval, ActApprove, ActDeclineApproval, ActWithdrawApproval, ActEndApproval, ActSlowCodes,
	}))
}
