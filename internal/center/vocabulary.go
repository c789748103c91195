package center

import (
	"strings"

	"gatehouse/internal/catalog"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// own is the prefix of the actions and condition keys that are Gatehouse's and not AWS's.
const own = "gatehouse"

// vocabularyOf is what the catalogue says AWS has, with Gatehouse's own actions and keys, for checking documents. An
// empty catalogue says nothing, so that no action is called unknown for lack of it.
func vocabularyOf(c *catalog.Catalog) eval.Catalog {
	if c.Empty() {
		return eval.Catalog{}
	}
	return eval.Catalog{
		Actions: func(prefix string) (names []string) {
			if strings.EqualFold(prefix, own) {
				return model.OwnActions()
			}
			for _, a := range c.Actions(prefix) {
				names = append(names, a.Name)
			}
			return names
		},
		Retired: c.Retired,
		ConditionKey: func(key string) (kind string, known bool) {
			if strings.HasPrefix(strings.ToLower(key), own+":") {
				return string(catalog.TypeBool), strings.EqualFold(key, own+":TargetIsAdministrator")
			}
			k, known := c.ConditionKey(key)
			return string(k.Type), known
		},
	}
}
