package handlers

import (
	"net/http"

	"gatehouse/internal/model"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is every address of the console: who may use it, and which action its verb authorises.
func (h *Handlers) routes() []route {
	aws := h.aws()
	return []route{
		// Machine
		{get, "/healthz", machine, "", h.healthz},
		{get, "/readyz", machine, "", h.readyz},
		{post, "/", machine, "", aws},
		{get, "/aws", machine, "", aws},
		{post, "/aws", machine, "", aws},
		{get, "/aws/", machine, "", aws},
		{post, "/aws/", machine, "", aws},

		// Set-up, sign-in and own security
		{get, "/setup/:token", anyone, "", h.showSetUp},
		{post, "/setup/:token", anyone, "", h.setUp},
		{get, samplePath, everyone, "", h.showSample},
		{post, samplePath, operator, model.ActCreateOU, h.plantSample},
		{get, "/invite/:token", anyone, "", h.showLink},
		{post, "/invite/:token", anyone, "", h.useLink},
		{get, "/signin", anyone, "", h.showSignIn},
		{post, "/signin", anyone, "", h.signIn},
		{get, "/forgot", anyone, "", h.showForgotten},
		{post, "/forgot", anyone, "", h.forgot},
		{get, "/signin/mfa", signIn, "", h.atStage(model.StagePassword, h.showSecondFactor)},
		{post, "/signin/mfa", signIn, "", h.atStage(model.StagePassword, h.verifyCode)},
		{get, "/signin/recovery", signIn, "", h.atStage(model.StagePassword, h.showRecovery)},
		{post, "/signin/recovery", signIn, "", h.atStage(model.StagePassword, h.verifyRecovery)},
		{get, "/signin/enrol", signIn, "", h.atStage(model.StageEnrolment, h.showEnrolment)},
		{post, "/signin/enrol", signIn, "", h.atStage(model.StageEnrolment, h.confirmEnrolment)},
		{get, "/signin/password", signIn, "", h.atStage(model.StageRenewal, h.showRenewal)},
		{post, "/signin/password", signIn, "", h.atStage(model.StageRenewal, h.renew)},
		{post, "/signin/cancel", signIn, "", h.cancelSignIn},
		{post, "/signout", everyone, "", h.signOut},
		{get, "/me", everyone, "", h.me},
		{get, "/me/password", everyone, "", h.showPassword},
		{post, "/me/password", everyone, "", h.changePassword},
		{post, "/me/devices", everyone, "", h.startDevice},
		{get, "/me/devices/new", everyone, "", h.showDevice},
		{post, "/me/devices/new", everyone, "", h.confirmDevice},
		{get, "/me/devices/:id/rename", everyone, "", h.askRename},
		{post, "/me/devices/:id/rename", everyone, "", h.renameDevice},
		{get, "/me/devices/:id/remove", everyone, "", h.askRemove},
		{post, "/me/devices/:id/remove", everyone, "", h.removeDevice},
		{get, "/me/recovery-codes", everyone, "", h.askRenewCodes},
		{post, "/me/recovery-codes", everyone, "", h.renewCodes},
		{post, "/me/recovery-codes.txt", everyone, "", h.downloadCodes},
		{post, "/me/sessions/end-others", everyone, "", h.endOtherSessions},
		{post, "/me/sessions/:id/end", everyone, "", h.endOwnSession},
		{post, "/me/browsers/:id/forget", everyone, "", h.forgetOwnBrowser},

		// Portal
		{get, "/portal", everyone, "", h.portal},
		{get, "/portal/:account/:set", everyone, "", h.myRole},
		{post, "/portal/:account/:set", everyone, "", h.takeKeys},
		{get, "/portal/credentials/revoke", everyone, "", h.askRevoke},
		{post, "/portal/credentials/revoke", everyone, "", h.revoke},
		{get, "/portal/credentials/:key/revoke", everyone, "", h.askRevoke},
		{post, "/portal/credentials/:key/revoke", everyone, "", h.revoke},
		{get, "/me/access", everyone, "", h.myAccess},

		// Overview
		{get, "/", everyone, "", h.overview},

		// Search
		{get, searchPath, everyone, "", h.search},

		// Users
		{get, "/users", operator, model.ActListUsers, h.listUsers},
		{get, "/users/new", operator, model.ActListGroups, h.newUser},
		{post, "/users", operator, model.ActCreateUser, h.createUser},
		{get, "/users/selection", operator, model.ActListUsers, h.askSelection},
		{post, "/users/disable", operator, model.ActDisableUser, h.disableUsers},
		{post, "/users/join", operator, model.ActCreateMembership, h.joinUsers},
		{get, "/users/:id", operator, model.ActListUsers, h.showUser},
		{get, "/users/:id/access", operator, model.ActListUsers, h.showUserAccess},
		{get, "/users/:id/history", operator, model.ActListUsers, h.showUserHistory},
		{get, "/users/:id/groups", operator, model.ActListUsers, h.showUserGroups},
		{post, "/users/:id/groups", operator, model.ActCreateMembership, h.joinUser},
		{post, "/users/:id/groups/:group/remove", operator, model.ActDeleteMembership, h.leaveGroup},
		{get, "/users/:id/edit", operator, model.ActListUsers, h.editUser},
		{post, "/users/:id/edit", operator, model.ActUpdateUser, h.updateUser},
		{post, "/users/:id/invitation", operator, model.ActInviteUser, h.invite},
		{get, "/users/:id/security", operator, model.ActListSessions, h.userSecurity},
		{get, "/users/:id/security/password", operator, model.ActListSessions, h.askResetPassword},
		{post, "/users/:id/security/password", operator, model.ActResetPassword, h.resetPassword},
		{get, "/users/:id/security/mfa", operator, model.ActListSessions, h.askResetMFA},
		{post, "/users/:id/security/mfa", operator, model.ActResetMFA, h.resetMFA},
		{post, "/users/:id/sessions/end", operator, model.ActEndSession, h.endSessions},
		{post, "/users/:id/sessions/:session/end", operator, model.ActEndSession, h.endSession},
		{post, "/users/:id/browsers/:browser/forget", operator, model.ActEndSession, h.forgetBrowser},
		{get, "/users/:id/credentials/revoke", operator, model.ActListSessions, h.askRevokeUser},
		{post, "/users/:id/credentials/revoke", operator, model.ActRevokeRoleSession, h.revokeUser},
		{get, "/users/:id/credentials/:key/revoke", operator, model.ActListSessions, h.askRevokeUser},
		{post, "/users/:id/credentials/:key/revoke", operator, model.ActRevokeRoleSession, h.revokeUser},
		{get, "/users/:id/disable", operator, model.ActListUsers, h.askDisable},
		{post, "/users/:id/disable", operator, model.ActDisableUser, h.disableUser},
		{post, "/users/:id/enable", operator, model.ActEnableUser, h.enableUser},
		{get, "/users/:id/offboard", operator, model.ActListUsers, h.askOffboard},
		{post, "/users/:id/offboard", operator, model.ActOffboard, h.offboard},
		{get, "/users/:id/leftovers", operator, model.ActListUsers, h.leftovers},
		{get, "/users/:id/delete", operator, model.ActListUsers, h.askDelete},
		{post, "/users/:id/delete", operator, model.ActDeleteUser, h.deleteUser},

		// Groups
		{get, "/groups", operator, model.ActListGroups, h.listGroups},
		{get, "/groups/new", operator, model.ActListGroups, h.newGroup},
		{post, "/groups", operator, model.ActCreateGroup, h.createGroup},
		{get, "/groups/:id", operator, model.ActListGroups, h.showGroup},
		{get, "/groups/:id/access", operator, model.ActListGroups, h.showGroupAccess},
		{get, "/groups/:id/history", operator, model.ActListGroups, h.showGroupHistory},
		{get, "/groups/:id/add", operator, model.ActListUsers, h.askMembers},
		{post, "/groups/:id/add", operator, model.ActCreateMembership, h.addMembers},
		{post, "/groups/:id/members/:user/remove", operator, model.ActDeleteMembership, h.removeMember},
		{post, "/groups/:id/members/:user/restore", operator, model.ActCreateMembership, h.restoreMember},
		{get, "/groups/:id/edit", operator, model.ActListGroups, h.editGroup},
		{post, "/groups/:id/edit", operator, model.ActUpdateGroup, h.updateGroup},
		{get, "/groups/:id/delete", operator, model.ActListGroups, h.askDeleteGroup},
		{post, "/groups/:id/delete", operator, model.ActDeleteGroup, h.deleteGroup},

		// Accounts, units and organization policies
		{get, "/accounts", operator, model.ActListAccounts, h.accounts},
		{get, "/accounts/new", operator, model.ActCreateAccount, h.newAccount},
		{post, "/accounts/new", operator, model.ActCreateAccount, h.addAccount},
		{get, "/accounts/:id", operator, model.ActListAccounts, h.account},
		{get, "/accounts/:id/history", operator, model.ActListAccounts, h.accountHistory},
		{get, "/accounts/:id/edit", operator, model.ActUpdateAccount, h.editAccount},
		{post, "/accounts/:id/edit", operator, model.ActUpdateAccount, h.saveAccount},
		{get, "/accounts/:id/move", operator, model.ActMoveAccount, h.moveAccount},
		{post, "/accounts/:id/move", operator, model.ActMoveAccount, h.putAccount},
		{get, "/accounts/:id/remove", operator, model.ActRemoveAccount, h.removeAccount},
		{post, "/accounts/:id/remove", operator, model.ActRemoveAccount, h.dropAccount},
		{get, "/accounts/ous/new", operator, model.ActCreateOU, h.newUnit},
		{post, "/accounts/ous/new", operator, model.ActCreateOU, h.createUnit},
		{get, "/accounts/ous/:id", operator, model.ActListAccounts, h.unit},
		{get, "/accounts/ous/:id/history", operator, model.ActListAccounts, h.unitHistory},
		{get, "/accounts/ous/:id/edit", operator, model.ActUpdateOU, h.editUnit},
		{post, "/accounts/ous/:id/edit", operator, model.ActUpdateOU, h.saveUnit},
		{get, "/accounts/ous/:id/delete", operator, model.ActDeleteOU, h.deleteUnit},
		{post, "/accounts/ous/:id/delete", operator, model.ActDeleteOU, h.dropUnit},
		{get, "/accounts/policies", operator, model.ActListPolicies, h.policies},
		{get, "/accounts/policies/new", operator, model.ActCreatePolicy, h.newPolicy},
		{post, "/accounts/policies/new", operator, model.ActCreatePolicy, h.createPolicy},
		{get, "/accounts/policies/:id", operator, model.ActListPolicies, h.policy},
		{get, "/accounts/policies/:id/versions", operator, model.ActListPolicies, h.policyVersions},
		{get, "/accounts/policies/:id/targets", operator, model.ActListPolicies, h.policyTargets},
		{get, "/accounts/policies/:id/history", operator, model.ActListPolicies, h.policyHistory},
		{get, "/accounts/policies/:id/edit", operator, model.ActUpdatePolicy, h.editPolicy},
		{post, "/accounts/policies/:id/edit", operator, model.ActUpdatePolicy, h.savePolicy},
		{get, "/accounts/policies/:id/delete", operator, model.ActDeletePolicy, h.deletePolicy},
		{post, "/accounts/policies/:id/delete", operator, model.ActDeletePolicy, h.dropPolicy},
		{get, "/accounts/attach", operator, model.ActAttachPolicy, h.attachForm},
		{post, "/accounts/attach", operator, model.ActAttachPolicy, h.attach},
		{get, "/accounts/detach", operator, model.ActDetachPolicy, h.detachForm},
		{post, "/accounts/detach", operator, model.ActDetachPolicy, h.detach},
		{post, "/validate", everyone, "", h.validate},

		// Permission sets and the catalogue
		{get, "/permission-sets", operator, model.ActListPermissionSets, h.listPermissionSets},
		{post, "/permission-sets", operator, model.ActCreatePermissionSet, h.createPermissionSet},
		{get, "/permission-sets/new", operator, model.ActCreatePermissionSet, h.newPermissionSet},
		{post, "/permission-sets/new", operator, model.ActCreatePermissionSet, h.draftPermissionSet},
		{get, "/permission-sets/catalogue", operator, model.ActListPermissionSets, h.listCatalogue},
		{get, "/permission-sets/catalogue/*", operator, model.ActListPermissionSets, h.cataloguePolicy},
		{get, "/permission-sets/:id", operator, model.ActListPermissionSets, h.permissionSet},
		{post, "/permission-sets/:id", operator, model.ActUpdatePermissionSet, h.savePermissionSet},
		{get, "/permission-sets/:id/assignments", operator, model.ActListPermissionSets, h.permissionSetAssignments},
		{get, "/permission-sets/:id/people", operator, model.ActListPermissionSets, h.permissionSetPeople},
		{get, "/permission-sets/:id/settings", operator, model.ActListPermissionSets, h.permissionSetSettings},
		{get, "/permission-sets/:id/versions", operator, model.ActListPermissionSets, h.permissionSetVersions},
		{get, "/permission-sets/:id/versions/compare", operator, model.ActListPermissionSets, h.comparePermissionSet},
		{get, "/permission-sets/:id/history", operator, model.ActListPermissionSets, h.permissionSetHistory},
		{get, "/permission-sets/:id/edit", operator, model.ActUpdatePermissionSet, h.editPermissionSet},
		{post, "/permission-sets/:id/edit", operator, model.ActUpdatePermissionSet, h.redraftPermissionSet},
		{post, "/permission-sets/:id/review", operator, model.ActUpdatePermissionSet, h.reviewPermissionSet},
		{get, "/permission-sets/:id/delete", operator, model.ActDeletePermissionSet, h.planPermissionSetDeletion},
		{post, "/permission-sets/:id/delete", operator, model.ActDeletePermissionSet, h.deletePermissionSet},
		{get, "/complete", everyone, "", h.completeActions},

		// Assignments
		{get, "/assignments", operator, model.ActListAssignments, h.listAssignments},
		{get, "/assignments.csv", operator, model.ActListAssignments, h.downloadAssignments},
		{get, "/assignments/new", operator, model.ActListAssignments, h.newAssignments},
		{post, "/assignments", operator, model.ActCreateAssignment, h.assign},
		{get, "/assignments/remove", operator, model.ActDeleteAssignment, h.askUnassign},
		{post, "/assignments/remove", operator, model.ActDeleteAssignment, h.unassign},
		{get, "/assignments/:id", operator, model.ActListAssignments, h.assignment},
		{get, "/assignments/:id/history", operator, model.ActListAssignments, h.assignmentHistory},

		// Simulate
		{get, "/simulate", everyone, "", h.simulate},
		{post, "/simulate", everyone, "", h.askSimulation},
		{post, "/simulate.csv", everyone, "", h.downloadAnswers},
		{post, explainPath, operator, model.ActSimulate, h.explainScenario},
		{get, "/simulate/scenarios", operator, model.ActListScenarios, h.scenarios},
		{post, "/simulate/scenarios", operator, model.ActSaveScenario, h.saveScenario},
		{get, "/simulate/scenarios/:id", operator, model.ActListScenarios, h.scenario},
		{get, "/simulate/scenarios/:id/history", operator, model.ActListScenarios, h.scenarioHistory},
		{get, "/simulate/scenarios/:id/edit", operator, model.ActListScenarios, h.editScenario},
		{post, "/simulate/scenarios/:id/edit", operator, model.ActSaveScenario, h.renameScenario},
		{get, "/simulate/scenarios/:id/delete", operator, model.ActListScenarios, h.confirmDeleteScenario},
		{post, "/simulate/scenarios/:id/delete", operator, model.ActDeleteScenario, h.deleteScenario},

		// Reports
		{get, "/reports/credentials", operator, model.ActGetReport, h.credentialReport},
		{post, "/reports/credentials", operator, model.ActGenerateReport, h.generateCredentialReport},
		{get, "/reports/credentials.csv", operator, model.ActGetReport, h.downloadCredentialReport},

		// Audit trail
		{get, "/audit", operator, model.ActReadAudit, h.audit},
		{get, "/audit.csv", operator, model.ActReadAudit, h.downloadAudit},

		// Settings
		{get, settingsPath, operator, model.ActReadSignInPolicy, h.showSignInPolicy},
		{post, settingsPath, operator, model.ActUpdateSignInPolicy, h.saveSignInPolicy},
		{get, "/settings/history", operator, model.ActReadSignInPolicy, h.signInPolicyHistory},
		{get, "/settings/mail", operator, model.ActReadMail, h.mail},
		{post, "/settings/mail/test", operator, model.ActSendTestMail, h.sendTestMail},
	}
}
