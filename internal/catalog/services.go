package catalog

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Service is a namespace of actions.
type Service struct {
	Prefix string // as policies write it, such as "s3"
	Name   string // as AWS calls it, such as "Amazon S3"
}

// An AccessLevel is AWS's classification of what an action does.
type AccessLevel string

// AWS's access levels.
const (
	LevelList        AccessLevel = "List"
	LevelRead        AccessLevel = "Read"
	LevelWrite       AccessLevel = "Write"
	LevelTagging     AccessLevel = "Tagging"
	LevelPermissions AccessLevel = "Permissions management"
)

// An Action is something that a policy can allow or deny.
type Action struct {
	Service       string // the service's prefix
	Name          string // such as "GetObject"
	AccessLevel   AccessLevel
	ResourceTypes []ActionResource // empty: the action works on "*" alone
	ConditionKeys []string         // for the action or any of its resources, with placeholders such as ${TagKey}
	Description   string
}

// String is the action as policies write it.
func (a Action) String() string { return a.Service + ":" + a.Name }

// An ActionResource is a resource type that an action works on.
type ActionResource struct {
	Name     string // a ResourceType of the same service
	Required bool
}

// A ResourceType is a kind of resource that policies can name.
type ResourceType struct {
	Name          string
	ARN           string   // a template with placeholders such as ${Partition} and ${BucketName}
	ConditionKeys []string // may carry placeholders
}

// A serviceEntry is a service whose details are read when they are first asked for.
type serviceEntry struct {
	Service
	member  int64 // of the services file
	once    sync.Once
	actions []Action // ordered by name, whatever the case
	types   []ResourceType
	keys    []ConditionKey
}

// Services lists every service by prefix.
func (c *Catalog) Services() []Service {
	all := make([]Service, len(c.services))
	for i, s := range c.services {
		all[i] = s.Service
	}
	return all
}

// Actions lists the actions of a service by name, or nothing when there is no such service.
func (c *Catalog) Actions(service string) []Action {
	return slices.Clone(c.service(service).actions)
}

// ResourceTypes lists the resource types of a service with the templates of their ARNs.
func (c *Catalog) ResourceTypes(service string) []ResourceType {
	return slices.Clone(c.service(service).types)
}

// ConditionKeys lists the condition keys that AWS documents for a service. AWS's global keys are only among
// them where the service treats them in its own way; see GlobalConditionKeys.
func (c *Catalog) ConditionKeys(service string) []ConditionKey {
	return slices.Clone(c.service(service).keys)
}

// Action finds an action by the name that policies use, such as "s3:GetObject", whatever the case.
// Names with wildcards find nothing.
func (c *Catalog) Action(name string) (Action, bool) {
	prefix, action, ok := strings.Cut(name, ":")
	if !ok {
		return Action{}, false
	}
	actions := c.service(prefix).actions
	i, found := slices.BinarySearchFunc(actions, action, compareName)
	if !found {
		return Action{}, false
	}
	return actions[i], true
}

func compareName(a Action, name string) int {
	return strings.Compare(strings.ToLower(a.Name), strings.ToLower(name))
}

// service returns the service with its details, or an empty one.
func (c *Catalog) service(prefix string) *serviceEntry {
	i, ok := c.byPrefix[strings.ToLower(prefix)]
	if !ok {
		return &serviceEntry{}
	}
	s := c.services[i]
	s.once.Do(func() {
		if err := s.read(c.details.mustMember(s.member)); err != nil {
			panic("catalog: damaged data: " + s.Prefix + ": " + err.Error())
		}
	})
	return s
}

// The kinds of line in a service's details, each the first field of its line.
const (
	lineAction   = "a" // name, access level, resource types, condition keys, description
	lineResource = "r" // name, ARN template, condition keys
	lineKey      = "k" // name, type, description
)

// read fills the details of the service from their text. Lists are separated by commas; a resource type that an
// action requires ends in an asterisk.
func (s *serviceEntry) read(text string) error {
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch kind, n := fields[0], len(fields); {
		case kind == lineAction && n == 6:
			s.actions = append(s.actions, Action{
				Service: s.Prefix, Name: fields[1], AccessLevel: AccessLevel(fields[2]),
				ResourceTypes: readResources(fields[3]), ConditionKeys: readList(fields[4]), Description: fields[5],
			})
		case kind == lineResource && n == 4:
			s.types = append(s.types, ResourceType{Name: fields[1], ARN: fields[2], ConditionKeys: readList(fields[3])})
		case kind == lineKey && n == 4:
			s.keys = append(s.keys, ConditionKey{Name: fields[1], Type: KeyType(fields[2]), Description: fields[3]})
		default:
			return fmt.Errorf("line %q is not a detail of a service", line)
		}
	}
	return nil
}

func readList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func readResources(text string) []ActionResource {
	var all []ActionResource
	for _, item := range readList(text) {
		name, required := strings.CutSuffix(item, "*")
		all = append(all, ActionResource{Name: name, Required: required})
	}
	return all
}
