package vault

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	keyLength   = 32
	keyIDLength = 4

	// maxKeyFile bounds what is read, so that a path set by mistake to something endless is an error.
	maxKeyFile = 64 << 10
)

// Key is a master key of 256 bits. It prints as "[secret]" in every form.
type Key struct{ raw [keyLength]byte }

// NewKey draws a key from random.
func NewKey(random io.Reader) (Key, error) {
	var key Key
	if _, err := io.ReadFull(random, key.raw[:]); err != nil {
		return Key{}, fmt.Errorf("draw a master key: %w", err)
	}
	return key, nil
}

// ID names the key in eight hex digits that reveal nothing about it.
func (k Key) ID() string { return hex.EncodeToString(k.id()) }

// Format implements fmt.Formatter, which covers every verb but %p, and that go vet refuses.
func (k Key) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

func (k Key) id() []byte {
	mac := hmac.New(sha256.New, k.raw[:])
	mac.Write([]byte("gatehouse/1/key id"))
	return mac.Sum(nil)[:keyIDLength]
}

// ParseKeys reads master keys from text: one to a line or separated by commas, each 32 bytes in hex or base64; lines
// that start with # are left out. The first key seals, further ones only open what they sealed before. Errors do not
// quote the text.
func ParseKeys(text string) ([]Key, error) {
	var keys []Key
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, maxKeyFile+1)
	for number := 1; lines.Scan(); number++ {
		if strings.HasPrefix(strings.TrimSpace(lines.Text()), "#") {
			continue
		}
		for word := range strings.FieldsFuncSeq(lines.Text(), separator) {
			key, err := parseKey(word)
			if err != nil {
				return nil, fmt.Errorf("master key in line %d: %w", number, err)
			}
			keys = append(keys, key)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	if len(keys) == 0 {
		return nil, errors.New("master key: there is none")
	}
	return keys, nil
}

func separator(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\r' }

func parseKey(word string) (Key, error) {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString,
		base64.StdEncoding.Strict().DecodeString,
		base64.RawStdEncoding.Strict().DecodeString,
		base64.URLEncoding.Strict().DecodeString,
		base64.RawURLEncoding.Strict().DecodeString,
	} {
		if raw, err := decode(word); err == nil && len(raw) == keyLength {
			return Key{raw: [keyLength]byte(raw)}, nil
		}
	}
	return Key{}, errors.New("a key is 32 bytes in hex (64 characters) or base64 (43 or 44)")
}

// ReadKeyFile reads the master keys in the file at path. Without a file the error is fs.ErrNotExist. A file that others
// than its owner may read or write is refused.
func ReadKeyFile(path string) ([]Key, error) {
	file, err := os.Open(path) // #nosec G304 -- the key file, which the operator names
	if err != nil {
		return nil, fmt.Errorf("open the master key: %w", err)
	}
	defer file.Close()

	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("open the master key: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("master key %s: not a file", path)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("master key %s: mode %04o lets others read or change it; set it to 0600",
			path, info.Mode().Perm())
	}

	text, err := io.ReadAll(io.LimitReader(file, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	keys, err := ParseKeys(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return keys, nil
}

// keyFileHead says what the file is.
const keyFileHead = "# Master key of Gatehouse. Without it second factors in the database cannot be read:\n" +
	"# keep a copy, and keep it apart from copies of the database.\n"

// CreateKeyFile draws a master key from random and writes it to a new file at path, readable by its owner alone and on
// the disk when the call returns. It never replaces a file: then the error is fs.ErrExist. Call it only for a database
// that is new as well, since a new key opens nothing that an earlier one sealed.
func CreateKeyFile(path string, random io.Reader) error {
	key, err := NewKey(random)
	if err != nil {
		return err
	}
	text := keyFileHead + hex.EncodeToString(key.raw[:]) + "\n"
	if err := writeNew(path, text); err != nil {
		return fmt.Errorf("create the master key: %w", err)
	}
	return nil
}

// PrependKey draws a master key from random and puts it first in the key file at path, so that it seals from now on. The
// keys that are there stay and go on opening. Whenever the machine stops, the file has all the old keys.
func PrependKey(path string, random io.Reader) error {
	if _, err := ReadKeyFile(path); err != nil {
		return err
	}
	key, err := NewKey(random)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path) // #nosec G304 -- the key file, which the operator names
	if err != nil {
		return fmt.Errorf("read the master key: %w", err)
	}
	return replaceKeyFile(path, hex.EncodeToString(key.raw[:])+"\n"+string(text))
}

// RemoveKey takes the key with an id out of the key file at path. It is an error when it is not there, or the only one.
func RemoveKey(path, id string) error {
	keys, err := ReadKeyFile(path)
	if err != nil {
		return err
	}
	var text strings.Builder
	text.WriteString(keyFileHead)
	left := 0
	for _, key := range keys {
		if key.ID() != id {
			text.WriteString(hex.EncodeToString(key.raw[:]) + "\n")
			left++
		}
	}
	if left == 0 || left == len(keys) {
		return fmt.Errorf("master key %s: not one of several in %s", id, path)
	}
	return replaceKeyFile(path, text.String())
}

// replaceKeyFile puts a finished file in the place of the key file: whoever opens it finds the old one or the new one.
func replaceKeyFile(path, text string) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".key-*") // CreateTemp makes it with mode 0600.
	if err != nil {
		return fmt.Errorf("write the master key: %w", err)
	}
	defer os.Remove(draft.Name())
	defer draft.Close()
	if _, err := draft.WriteString(text); err != nil {
		return fmt.Errorf("write the master key: %w", err)
	}
	if err := draft.Sync(); err != nil {
		return fmt.Errorf("write the master key: %w", err)
	}
	if err := os.Rename(draft.Name(), path); err != nil {
		return fmt.Errorf("write the master key: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// writeNew writes beside path and links the finished file into place, so that whoever finds the file finds all of it,
// also when two processes start at once or the machine stops.
func writeNew(path, text string) error {
	if _, err := os.Lstat(path); err == nil {
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".key-*") // CreateTemp makes it with mode 0600.
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	defer draft.Close()

	if _, err := draft.WriteString(text); err != nil {
		return err
	}
	if err := draft.Sync(); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	dir, err := os.Open(path) // #nosec G304 -- the folder of the key file, which the operator names
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
