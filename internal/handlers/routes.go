package handlers

import (
	"net/http"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is every address of the console: who may use it, and which action its verb authorises.
func (h *Handlers) routes() []route {
	return []route{
		// Machine
		{get, "/healthz", machine, "", h.healthz},
		{get, "/readyz", machine, "", h.readyz},

		// Set-up, sign-in and own security

		// Portal

		// Overview

		// Users

		// Groups

		// Accounts, units and organization policies

		// Permission sets and the catalogue

		// Assignments

		// Simulate

		// Reports

		// Audit trail

		// Settings
	}
}
