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
		{get, "/signin", anyone, "", h.showSignIn},
		{post, "/signin", anyone, "", h.signIn},
		{get, "/signin/mfa", signIn, "", h.atStage(model.StagePassword, h.showSecondFactor)},
		{post, "/signin/mfa", signIn, "", h.atStage(model.StagePassword, h.verifyCode)},
		{get, "/signin/recovery", signIn, "", h.atStage(model.StagePassword, h.showRecovery)},
		{post, "/signin/recovery", signIn, "", h.atStage(model.StagePassword, h.verifyRecovery)},
		{get, "/signin/enrol", signIn, "", h.atStage(model.StageEnrolment, h.showEnrolment)},
		{post, "/signin/enrol", signIn, "", h.atStage(model.StageEnrolment, h.confirmEnrolment)},
		{post, "/signin/cancel", signIn, "", h.cancelSignIn},
		{post, "/signout", everyone, "", h.signOut},
		{post, "/me/recovery-codes.txt", everyone, "", h.downloadCodes},

		// Portal

		// Overview
		{get, "/", everyone, "", h.overview},

		// Users

		// Groups

		// Accounts, units and organization policies

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

		// Simulate
		{get, "/simulate", everyone, "", h.simulate},
		{post, "/simulate", everyone, "", h.askSimulation},
		{get, "/simulate/scenarios", operator, model.ActListScenarios, h.scenarios},
		{post, "/simulate/scenarios", operator, model.ActSaveScenario, h.saveScenario},
		{get, "/simulate/scenarios/:id", operator, model.ActListScenarios, h.scenario},
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
	}
}
