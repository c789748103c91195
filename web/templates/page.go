package templates

// Pair is a form value that is sent along without being shown.
type Pair struct{ Name, Value string }

// Person is somebody with a note, for example "can grant it".
type Person struct{ Name, Note string }

// Step is one page of a sequence.
type Step struct {
	Text, Href    string
	Done, Current bool
}

// class is the look of a button.
func (a Action) class(small bool) string {
	switch {
	case a.Primary && small:
		return "btn btn-sm btn-primary"
	case a.Danger && small:
		return "btn btn-sm btn-danger"
	case small:
		return "btn btn-sm"
	case a.Primary:
		return "btn btn-primary"
	case a.Danger:
		return "btn btn-danger"
	}
	return "btn"
}
