package eval

import "encoding/binary"

// actionName is an action in lower case with its hash, made once per decision, so
// that a policy can look it up without reading it again.
type actionName struct {
	text    [maxAction]byte // padded with zeros
	length  int
	service int    // length of the service with its colon
	hash    uint64 // of the whole name
}

// set takes a name of at most maxAction bytes, of which the first ones are the service
// and its colon.
func (a *actionName) set(name string, service int) {
	a.length, a.service = min(len(name), maxAction), service
	for i := 0; i < a.length; i += 8 {
		folded := lowerWord(wordAt(name, i))
		binary.LittleEndian.PutUint64(a.text[i:], folded)
		a.hash = mix(a.hash, folded)
	}
}

// prefix is the hash of the service with its colon.
func (a *actionName) prefix() (hash uint64) {
	i := 0
	for ; i+8 <= a.service; i += 8 {
		hash = mix(hash, binary.LittleEndian.Uint64(a.text[i:]))
	}
	if rest := a.service - i; rest > 0 {
		word := binary.LittleEndian.Uint64(a.text[i : i+8])
		hash = mix(hash, word&(1<<(8*rest)-1))
	}
	return hash
}

func mix(hash, word uint64) uint64 {
	hash = (hash ^ word) * 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio, as Fibonacci hashing does
	return hash ^ hash>>29
}

func (a *actionName) whole() []byte { return a.text[:a.length] }

// serviceName is the service with its colon.
func (a *actionName) serviceName() []byte { return a.text[:a.service] }

// startsWith reports whether what follows the service starts with lower.
func (a *actionName) startsWith(lower string) bool {
	end := a.service + len(lower)
	return end <= a.length && string(a.text[a.service:end]) == lower
}
