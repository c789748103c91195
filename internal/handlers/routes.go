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
