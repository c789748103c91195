package center

import (
	"reflect"
	"testing"

	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// secretsIn lists the fields of a type that would be kept with an approval and can hold a secret.
func secretsIn(t reflect.Type, path string, seen map[reflect.Type]bool) []string {
	if t == reflect.TypeFor[vault.Secret]() {
		return []string{path}
	}
	if seen[t] {
		return nil
	}
	seen[t] = true
	var found []string
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		found = secretsIn(t.Elem(), path, seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				found = append(found, secretsIn(f.Type, path+"."+f.Name, seen)...)
			}
		}
	}
	return found
}

func TestWhatWaitsForApprovalHoldsNoSecrets(t *testing.T) {
	kinds := 0
	for _, action := range model.Actions() {
		p := proposalFor(action)
		if p == nil {
			if model.ForTwo(action) != model.OneIsEnough {
				t.Errorf("%s needs a second administrator and cannot wait for one", action)
			}
			continue
		}
		kinds++
		if found := secretsIn(reflect.TypeOf(p), action, map[reflect.Type]bool{}); len(found) > 0 {
			t.Errorf("secrets would be kept in %v", found)
		}
	}
	if kinds != 16 {
		t.Errorf("%d actions can wait, 16 are known here", kinds)
	}
}
