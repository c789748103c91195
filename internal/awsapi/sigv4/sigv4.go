// Package sigv4 owns the server's side of AWS Signature Version 4: it reads the Authorization header of a request
// and tells whether the holder of a secret access key signed exactly this request, recently. It is pure: what came
// over the wire, the secret and the time are arguments.
//
// It leaves to others whose access key that is, whether it still counts, and how a refusal looks on the wire.
// Presigned URLs, which carry the signature in the query, count as not signed.
package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// The only algorithm, the last part of every credential scope, and AWS's form of a time.
const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	timeForm   = "20060102T150405Z"
	dateForm   = "20060102"
)

// MaxSkew is how far the clocks of client and server may be apart. STS allows 15 minutes, and says so in its
// refusal: "Signature expired: … is now earlier than … (… - 15 min.)".
const MaxSkew = 15 * time.Minute

// A Request is what was signed, as it came over the wire.
type Request struct {
	Method   string
	Host     string              // the Host header, or :authority, as the client sent it
	Path     string              // still percent-encoded, without the query
	Query    string              // still percent-encoded, without the question mark
	Header   map[string][]string // names as net/http writes them
	BodyHash [sha256.Size]byte   // SHA-256 of the body as received
}

// A Signature is what a request claims about itself. Nothing of it is true before Verify says so.
type Signature struct {
	AccessKeyID  string
	SessionToken string // of temporary credentials, else empty
	Time         time.Time
	Region       string // any: clients sign for the Region they are set to
	Service      string

	request Request
	date    string   // of the credential scope
	headers []string // names of the signed headers: lower case, ascending
	mac     []byte
}

// Verify reports whether the holder of the secret signed the request for the service within MaxSkew of now. The
// error is an *Error with AWS's words. Its time does not depend on how much of the signature is right.
func (s *Signature) Verify(service, secret string, now time.Time) error {
	if err := s.checkScope(service); err != nil {
		return err
	}
	if err := s.checkTime(now); err != nil {
		return err
	}
	if claimed, ok := s.request.Header["X-Amz-Content-Sha256"]; ok {
		if len(claimed) != 1 || claimed[0] != hex.EncodeToString(s.request.BodyHash[:]) {
			return mismatch(wrongSignature)
		}
	}
	if !hmac.Equal(s.mac, s.expected(secret)) {
		return mismatch(wrongSignature)
	}
	return nil
}

func (s *Signature) checkScope(service string) error {
	if s.Service != service {
		return mismatch("Credential should be scoped to correct service: '" + service + "'.")
	}
	if day := s.Time.Format(dateForm); s.date != day {
		return mismatch(fmt.Sprintf("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "+
			"from HTTP: '%s' != '%s', from '%s'.", s.date, day, s.Time.Format(timeForm)))
	}
	return nil
}

func (s *Signature) checkTime(now time.Time) error {
	now = now.UTC()
	signed, server := s.Time.Format(timeForm), now.Format(timeForm)
	earliest, latest := now.Add(-MaxSkew), now.Add(MaxSkew)
	minutes := int(MaxSkew.Minutes())
	if s.Time.Before(earliest) {
		return mismatch(fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - %d min.)",
			signed, earliest.Format(timeForm), server, minutes))
	}
	if s.Time.After(latest) {
		return mismatch(fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + %d min.)",
			signed, latest.Format(timeForm), server, minutes))
	}
	return nil
}

// expected is the signature that the holder of the secret makes.
func (s *Signature) expected(secret string) []byte {
	key := sign([]byte("AWS4"+secret), s.date)
	key = sign(key, s.Region)
	key = sign(key, s.Service)
	key = sign(key, terminator)
	canonical := sha256.Sum256(s.canonical())
	return sign(key, algorithm+"\n"+
		s.Time.Format(timeForm)+"\n"+
		s.date+"/"+s.Region+"/"+s.Service+"/"+terminator+"\n"+
		hex.EncodeToString(canonical[:]))
}

func sign(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
