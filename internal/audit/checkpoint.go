package audit

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Checkpoint is a head with the time at which it was the newest, signed with a key that is not in the database. Kept
// elsewhere, as in a log that is shipped away, it shows when the trail up to it was cut or rewritten.
type Checkpoint struct {
	Head
	At        time.Time // to the microsecond
	KeyID     string    // of the master key that the signing key comes from
	Signature []byte    // over Message
}

// checkpointDomain names the form of a checkpoint: the message of a later form is another one.
const checkpointDomain = "gatehouse checkpoint 1"

// Message returns the bytes that are signed: all fields but the signature, each led by its length.
func (c Checkpoint) Message() []byte {
	m := canonical{}
	m.text(checkpointDomain)
	m.number(c.Seq)
	m.text(c.Hash)
	m.text(c.At.UTC().Format(time.RFC3339Nano))
	m.text(c.KeyID)
	return m
}

// String returns the checkpoint as one word, which FindCheckpoint finds in a line of any log.
func (c Checkpoint) String() string {
	return fmt.Sprintf("gatehouse-checkpoint-1/%d/%s/%s/%s/%s", c.Seq, c.Hash, c.At.UTC().Format(time.RFC3339Nano), c.KeyID,
		base64.RawURLEncoding.EncodeToString(c.Signature))
}

var checkpointForm = regexp.MustCompile(
	`gatehouse-checkpoint-1/(\d{1,18})/([0-9a-f]{64})/([0-9T:.-]{19,29}Z)/([0-9a-f]{8})/([A-Za-z0-9_-]{86})`)

// FindCheckpoint returns the checkpoint that a line has somewhere in it; false when it has none.
func FindCheckpoint(line string) (Checkpoint, bool) {
	found := checkpointForm.FindStringSubmatch(line)
	if found == nil {
		return Checkpoint{}, false
	}
	seq, err := strconv.ParseInt(found[1], 10, 64)
	if err != nil {
		return Checkpoint{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, found[3])
	if err != nil {
		return Checkpoint{}, false
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(found[5])
	if err != nil {
		return Checkpoint{}, false
	}
	return Checkpoint{Head: Head{Seq: seq, Hash: found[2]}, At: at, KeyID: found[4], Signature: signature}, true
}
