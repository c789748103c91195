package vault

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[secret]"

// Secret is text that must not be seen by accident: a password, a token, a one-time code secret. It prints, logs and
// encodes as "[secret]" and refuses to be a database argument; Reveal gives the text.
//
// Package fmt calls no methods of unexported fields, nor for %p, which go vet refuses, and encoding/json none of map
// keys: keep a Secret in exported fields.
type Secret string

// Reveal returns the text itself. Each call is a place worth reviewing.
func (s Secret) Reveal() string { return string(s) }

// String implements fmt.Stringer.
func (Secret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return redacted }

// Format implements fmt.Formatter: verbs that suit no string, such as %d, would show the text otherwise.
func (Secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// MarshalJSON implements json.Marshaler.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText implements encoding.TextMarshaler, which XML and other encodings use.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// Value implements driver.Valuer by refusing: a secret is sealed, hashed or digested before it is stored.
func (Secret) Value() (driver.Value, error) {
	return nil, errors.New("a secret is not stored as it is")
}
