// Package migrations owns the database schema as ordered SQL files, embedded. A file NNNN_name.sql runs on every engine,
// NNNN_name.sqlite.sql and NNNN_name.postgres.sql on theirs. It leaves applying them to internal/store.
package migrations

import "embed"

// FS holds the SQL files in order of their names.
//
//go:embed *.sql
var FS embed.FS
