package templates

import "strings"

// arnParts cuts an ARN after each separator, where a line may break.
func arnParts(arn string) []string {
	var parts []string
	for arn != "" {
		i := strings.IndexAny(arn, ":/")
		if i < 0 {
			return append(parts, arn)
		}
		parts, arn = append(parts, arn[:i+1]), arn[i+1:]
	}
	return parts
}
