package sigv4

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

// canonical is the one form that client and server bring the request into before they sign it.
func (s *Signature) canonical() []byte {
	var b bytes.Buffer
	b.WriteString(s.request.Method)
	b.WriteByte('\n')
	writePath(&b, s.request.Path)
	b.WriteByte('\n')
	writeQuery(&b, s.request.Query)
	b.WriteByte('\n')
	for _, name := range s.headers {
		b.WriteString(name)
		b.WriteByte(':')
		for i, value := range s.values(name) {
			if i > 0 {
				b.WriteByte(',')
			}
			writeValue(&b, value)
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	b.WriteString(strings.Join(s.headers, ";"))
	b.WriteByte('\n')
	b.WriteString(hex.EncodeToString(s.request.BodyHash[:]))
	return b.Bytes()
}

// values are those of a header, in the order they were sent. Servers keep the Host header apart.
func (s *Signature) values(name string) []string {
	if name == "host" {
		return []string{s.request.Host}
	}
	return s.request.Header[textproto.CanonicalMIMEHeaderKey(name)]
}

// writeValue writes a header's value without spaces around it and with one space for several inside.
func writeValue(b *bytes.Buffer, value string) {
	value = strings.Trim(value, " ")
	for i := range len(value) {
		if value[i] != ' ' || value[i-1] != ' ' {
			b.WriteByte(value[i])
		}
	}
}

// writePath encodes the path a second time, as every service but S3 has it: "%20" becomes "%2520".
func writePath(b *bytes.Buffer, path string) {
	if path == "" {
		path = "/"
	}
	escape(b, path, '/')
}

// writeQuery decodes the parameters, encodes them AWS's way and orders them by name and value as encoded. A plus
// sign is a plus sign, not a space.
func writeQuery(b *bytes.Buffer, query string) {
	type parameter struct{ name, value string }
	var all []parameter
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		all = append(all, parameter{reescape(name), reescape(value)})
	}
	slices.SortFunc(all, func(x, y parameter) int {
		return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.value, y.value))
	})
	for i, p := range all {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.name)
		b.WriteByte('=')
		b.WriteString(p.value)
	}
}

func reescape(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		text = plain
	}
	var b bytes.Buffer
	escape(&b, text, 0)
	return b.String()
}

// escape percent-encodes everything but the unreserved characters of RFC 3986 and one more.
func escape(b *bytes.Buffer, text string, keep byte) {
	const hexDigits = "0123456789ABCDEF"
	for i := range len(text) {
		c := text[i]
		if unreserved(c) || keep != 0 && c == keep {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
	}
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}
