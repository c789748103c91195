// Package model owns the nouns of Gatehouse: what an organization, a person, a permission set or an assignment is,
// the rules that hold for each whatever stores or shows it, their identifiers and ARNs, and the one error that people may see.
//
// It leaves storing to internal/store, who may do what to internal/access, and words on a page to web/templates.
package model
