package sigv4

// Canonical is the canonical form of a request that signs its host.
func Canonical(r Request) string {
	s := Signature{request: r, headers: []string{"host"}}
	return string(s.canonical())
}
