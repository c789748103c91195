package handlers

import (
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
)

// decode reads a posted form into a T: a struct whose string and []string fields carry the tag form:"name". It takes the
// body of an urlencoded form and nothing else; a field that T does not have, a repeated single field and text that is
// not UTF-8 are refused, so that nothing can be set that the page does not offer.
func decode[T any](c echo.Context) (T, error) {
	var form T
	r := c.Request()
	if !isForm(r) {
		return form, errNoForm
	}
	if err := r.ParseForm(); err != nil {
		return form, formError(err)
	}
	fields := fieldsOf(reflect.ValueOf(&form).Elem())
	for name, values := range r.PostForm {
		field, known := fields[name]
		if !known {
			return form, unusable("The form has a field %q that is not known here.", name)
		}
		if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) || strings.ContainsRune(v, 0) }) {
			return form, unusable("The field %q has characters that are not text.", name)
		}
		if field.Kind() == reflect.Slice {
			field.Set(reflect.ValueOf(values))
			continue
		}
		if len(values) != 1 {
			return form, unusable("The field %q came more than once.", name)
		}
		field.SetString(strings.ReplaceAll(values[0], "\r\n", "\n"))
	}
	return form, nil
}

// bare is for a form without fields: one that has some is refused, as decode does.
func bare(run echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := decode[struct{}](c); err != nil {
			return err
		}
		return run(c)
	}
}

var errNoForm = echo.NewHTTPError(http.StatusUnsupportedMediaType)

// isForm reports whether a request has the kind of body that the console's pages send, and no other.
func isForm(r *http.Request) bool { return isOf(r, "application/x-www-form-urlencoded") }

func isJSON(r *http.Request) bool { return isOf(r, "application/json") }

// isOf reports whether the body of a request is of a media type, whatever its parameters.
func isOf(r *http.Request, mediaType string) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == mediaType
}

// fieldsOf maps form names to the settable fields of a struct, embedded structs included.
func fieldsOf(v reflect.Value) map[string]reflect.Value {
	fields := map[string]reflect.Value{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			for name, inner := range fieldsOf(v.Field(i)) {
				fields[name] = inner
			}
			continue
		}
		if name, tagged := field.Tag.Lookup("form"); tagged {
			fields[name] = v.Field(i)
		}
	}
	return fields
}

func formError(err error) error {
	if strings.Contains(err.Error(), "request body too large") {
		return errTooLarge
	}
	return unusable("The form is not encoded as a form is.")
}

func unusable(format string, args ...any) error {
	return &model.Error{Kind: model.Invalid, Message: fmt.Sprintf(format, args...)}
}
