package sigv4

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxKeyID is the longest access key id AWS's models allow.
const maxKeyID = 128

// Parse reads what the request claims. The error is an *Error: the request is not signed, or its Authorization
// header lacks something.
func Parse(r Request) (*Signature, error) {
	header, ok := r.Header["Authorization"]
	if !ok {
		return nil, missing()
	}
	if len(header) != 1 {
		return nil, incomplete("There must be one Authorization header.")
	}
	name, parameters, _ := strings.Cut(header[0], " ")
	if name != algorithm {
		return nil, incomplete("Authorization header requires the algorithm '" + algorithm + "'.")
	}
	fields, err := parseParameters(parameters)
	if err != nil {
		return nil, err
	}
	s := &Signature{request: r}
	if err := s.parseCredential(fields["Credential"]); err != nil {
		return nil, err
	}
	if err := s.parseHeaders(fields["SignedHeaders"]); err != nil {
		return nil, err
	}
	if s.mac, err = hex.DecodeString(fields["Signature"]); err != nil {
		return nil, mismatch(wrongSignature)
	}
	return s, nil
}

// parseParameters reads "Credential=…, SignedHeaders=…, Signature=…", in any order, each once and none empty.
func parseParameters(text string) (map[string]string, error) {
	fields := map[string]string{}
	for item := range strings.SplitSeq(text, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(item), "=")
		if !ok {
			return nil, incomplete("Not a valid key=value pair (missing equal-sign) in Authorization header.")
		}
		if _, twice := fields[name]; twice {
			return nil, incomplete("Authorization header has a parameter twice.")
		}
		fields[name] = value
	}
	var lacks []string
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if fields[name] == "" {
			lacks = append(lacks, "Authorization header requires '"+name+"' parameter.")
		}
	}
	if len(lacks) > 0 {
		return nil, incomplete(strings.Join(lacks, " "))
	}
	return fields, nil
}

// parseCredential reads "key id/date/region/service/aws4_request".
func (s *Signature) parseCredential(text string) error {
	parts := strings.Split(text, "/")
	if len(parts) != 5 || slices.Contains(parts, "") {
		return incomplete("Credential must have exactly 5 slash-delimited elements, " +
			"e.g. keyid/date/region/service/term.")
	}
	if len(parts[0]) > maxKeyID {
		return incomplete(fmt.Sprintf("The access key id has more than %d characters.", maxKeyID))
	}
	if parts[4] != terminator {
		return incomplete("Credential should be scoped with a valid terminator: '" + terminator + "'.")
	}
	s.AccessKeyID, s.date, s.Region, s.Service = parts[0], parts[1], parts[2], parts[3]
	return nil
}

// parseHeaders reads the names of the signed headers, and the two headers that say when and with which session
// token the request was signed. Each of those counts only when it is signed and there once.
func (s *Signature) parseHeaders(names string) error {
	s.headers = strings.Split(names, ";")
	for i, name := range s.headers {
		if name == "" || name != strings.ToLower(name) || i > 0 && s.headers[i-1] >= name {
			return incomplete("SignedHeaders must be in lower case, in ascending order, each once.")
		}
	}
	date, err := s.signedHeader("X-Amz-Date")
	if err != nil {
		return err
	}
	if date == "" {
		return incomplete("Authorization header requires existence of a 'X-Amz-Date' header.")
	}
	if s.Time, err = time.Parse(timeForm, date); err != nil {
		return incomplete("Date must be in ISO-8601 'basic format'.")
	}
	if s.SessionToken, err = s.signedHeader("X-Amz-Security-Token"); err != nil {
		return err
	}
	if !slices.Contains(s.headers, "host") {
		return incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization.")
	}
	return nil
}

// signedHeader is the value of a header that must be signed where it is present.
func (s *Signature) signedHeader(name string) (string, error) {
	values := s.request.Header[name]
	if len(values) == 0 {
		return "", nil
	}
	if len(values) > 1 {
		return "", incomplete("There must be one '" + name + "' header.")
	}
	if !slices.Contains(s.headers, strings.ToLower(name)) {
		return "", incomplete("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.")
	}
	return values[0], nil
}
