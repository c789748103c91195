package store

import (
	"strings"
	"testing"
)

func TestAPostgreSQLElsewhereIsConnectedToByVerifiedTLS(t *testing.T) {
	for _, test := range []struct {
		location, environment string
		want                  string // in the URL that is used, or in the error
		exposure              string
	}{
		{location: "postgres://gatehouse:pw@db.example/gatehouse", want: "sslmode=verify-full"},
		{location: "postgres://gatehouse:pw@db.example:5433/gatehouse?application_name=x", want: "sslmode=verify-full"},
		{location: "postgres://gatehouse:pw@db.example,db2.example/gatehouse", want: "sslmode=verify-full"},
		{location: "postgres://db.example/gatehouse?sslmode=verify-full", want: "sslmode=verify-full"},
		{location: "postgres://db.example/gatehouse?sslmode=prefer", want: "must not ask for sslmode=prefer"},
		{location: "postgres://db.example/gatehouse?sslmode=allow", want: "must not ask for sslmode=prefer or allow"},
		{location: "postgres://db.example/gatehouse", environment: "prefer", want: "must not ask for sslmode=prefer"},
		{location: "postgres://localhost,db.example/gatehouse?sslmode=prefer", want: "must not ask for sslmode=prefer"},
		{location: "postgres://db.example/gatehouse", environment: "verify-full", want: "postgres://db.example/gatehouse"},
		{location: "postgres://db.example/gatehouse?sslmode=disable", want: "sslmode=disable", exposure: "at db.example is not encrypted"},
		{location: "postgres://10.0.0.7/gatehouse?sslmode=require", want: "sslmode=require", exposure: "certificate of PostgreSQL at 10.0.0.7 is not verified"},
		{location: "postgres://localhost/gatehouse", want: "postgres://localhost/gatehouse"},
		{location: "postgres://127.0.0.1:5432/gatehouse?sslmode=disable", want: "sslmode=disable"},
		{location: "postgresql://[::1]/gatehouse?sslmode=prefer", want: "sslmode=prefer"},
		{location: "postgres:///gatehouse?host=/run/postgresql", want: "host=/run/postgresql"},
		{location: "postgres://gatehouse:pw@db.example:port/gatehouse", want: "cannot be read"},
	} {
		t.Run(test.location+" "+test.environment, func(t *testing.T) {
			t.Setenv("PGSSLMODE", test.environment)
			at, err := encrypted(test.location)
			if err != nil {
				at = err.Error()
			}
			if !strings.Contains(at, test.want) {
				t.Errorf("%s is connected to by %q, want %s", test.location, at, test.want)
			}
			if err != nil && strings.Contains(at, "pw") {
				t.Errorf("the error has the password: %s", at)
			}
			if got := Exposure(test.location); !strings.Contains(got, test.exposure) || (got != "" && test.exposure == "") {
				t.Errorf("%s is said to be exposed by %q, want %q", test.location, got, test.exposure)
			}
		})
	}
	if got := Exposure("data/gatehouse.db"); got != "" {
		t.Errorf("a file is said to be exposed by %q", got)
	}
}
