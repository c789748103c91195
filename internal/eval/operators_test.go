package eval_test

import (
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// conditionCase is a Condition element held against the context of a request.
type conditionCase struct {
	name, condition, context string
	met                      bool
}

func testConditions(t *testing.T, cases []conditionCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := request(policy(t, allowRead+`,"Condition":{`+c.condition+`}`))
			in.Context = contextOf(t, c.context)
			if got := decide(t, in).Decision == eval.Allowed; got != c.met {
				t.Errorf("{%s} with {%s} is met: %v, want %v", c.condition, c.context, got, c.met)
			}
		})
	}
}

func TestStringOperators(t *testing.T) {
	testConditions(t, []conditionCase{
		{"equal", `"StringEquals":{"a:k":"x"}`, `"a:k":"x"`, true},
		{"empty equals empty", `"StringEquals":{"a:k":""}`, `"a:k":""`, true},
		{"a star is itself", `"StringEquals":{"a:k":"x*"}`, `"a:k":"xy"`, false},
		{"no values match nothing", `"StringEquals":{"a:k":[]}`, `"a:k":"x"`, false},
		{"no values exclude nothing", `"StringNotEquals":{"a:k":[]}`, `"a:k":"x"`, true},
		{"folding reaches beyond ASCII", `"StringEqualsIgnoreCase":{"a:k":"straße Ä"}`, `"a:k":"STRAßE ä"`, true},
		{"folding keeps lengths apart", `"StringEqualsIgnoreCase":{"a:k":"abc"}`, `"a:k":"AB"`, false},
		{"folding compares to the end", `"StringEqualsIgnoreCase":{"a:k":"ab"}`, `"a:k":"ABC"`, false},
		{"folding with a variable", `"StringEqualsIgnoreCase":{"a:k":"x-${a:v}-y"}`, `"a:k":"X-Team-Y","a:v":"tEAM"`, true},
		{"folding with an unset variable", `"StringEqualsIgnoreCase":{"a:k":"${a:v}"}`, `"a:k":""`, false},
		{"negated folding", `"StringNotEqualsIgnoreCase":{"a:k":"x"}`, `"a:k":"Y"`, true},
		{"several stars", `"StringLike":{"a:k":"a*b*c"}`, `"a:k":"a-b-b-c"`, true},
		{"stars in a row", `"StringLike":{"a:k":"a**c"}`, `"a:k":"abc"`, true},
		{"a star between overlapping ends", `"StringLike":{"a:k":"ab*ba"}`, `"a:k":"aba"`, false},
		{"a star crosses lines", `"StringLike":{"a:k":"a*c"}`, `"a:k":"a\nc"`, true},
		{"a question mark is one character, not one byte", `"StringLike":{"a:k":"?x?"}`, `"a:k":"éx😀"`, true},
		{"a question mark before the end", `"StringLike":{"a:k":"*?b"}`, `"a:k":"b"`, false},
		{"a question mark in the middle", `"StringLike":{"a:k":"a*?c*d"}`, `"a:k":"a1c2d"`, true},
		{"a middle that is not there", `"StringLike":{"a:k":"a*x*d"}`, `"a:k":"abcd"`, false},
		{"a middle that needs another place", `"StringLike":{"a:k":"*a?c*"}`, `"a:k":"axaxc"`, true},
		{"a middle that ends too early", `"StringLike":{"a:k":"*a?*"}`, `"a:k":"xa"`, false},
		{"question marks and nothing left", `"StringLike":{"a:k":"*??*"}`, `"a:k":"x"`, false},
		{"not like", `"StringNotLike":{"a:k":["a*","b*"]}`, `"a:k":"c"`, true},
		{"an escaped question mark is itself", `"StringLike":{"a:k":"a${?}"}`, `"a:k":"ab"`, false},
		{"a dollar alone is itself", `"StringLike":{"a:k":"$a*"}`, `"a:k":"$ab"`, true},
		{"an unset variable in the middle", `"StringLike":{"a:k":"a*${a:v}*b"}`, `"a:k":"axb"`, false},
		{"a variable in the middle", `"StringLike":{"a:k":"a*${a:v}*b"}`, `"a:k":"a-x-b","a:v":"x"`, true},
	})
}

func TestNumericOperators(t *testing.T) {
	testConditions(t, []conditionCase{
		{"zero has many forms", `"NumericEquals":{"a:k":"0"}`, `"a:k":"-0.00e5"`, true},
		{"exponents move the point", `"NumericEquals":{"a:k":"1.5e3"}`, `"a:k":"1500.0"`, true},
		{"negative exponents too", `"NumericEquals":{"a:k":"0.05"}`, `"a:k":"5E-2"`, true},
		{"more digits than a float holds", `"NumericEquals":{"a:k":"0.1000000000000000000001"}`, `"a:k":"0.1"`, false},
		{"a plus sign", `"NumericEquals":{"a:k":"+7"}`, `"a:k":"7"`, true},
		{"leading zeros", `"NumericEquals":{"a:k":"7"}`, `"a:k":"007"`, true},
		{"order of negatives", `"NumericLessThan":{"a:k":"-1"}`, `"a:k":"-1.5"`, true},
		{"negatives are less than zero", `"NumericGreaterThan":{"a:k":"-1"}`, `"a:k":"0"`, true},
		{"order by digits", `"NumericGreaterThan":{"a:k":"1.25"}`, `"a:k":"1.3"`, true},
		{"edge of at least", `"NumericGreaterThanEquals":{"a:k":"2"}`, `"a:k":"2.0"`, true},
		{"any of several limits", `"NumericLessThan":{"a:k":["1","9"]}`, `"a:k":"5"`, true},
		{"not equal", `"NumericNotEquals":{"a:k":"1"}`, `"a:k":"2"`, true},
		{"a JSON number in the request", `"NumericEquals":{"a:k":10}`, `"a:k":1e1`, true},
		{"hexadecimal is no number", `"NumericEquals":{"a:k":"16"}`, `"a:k":"0x10"`, false},
		{"a point needs digits on both sides", `"NumericEquals":{"a:k":"5"}`, `"a:k":"5."`, false},
		{"two signs in the exponent", `"NumericEquals":{"a:k":"5"}`, `"a:k":"5e+-0"`, false},
		{"a very long exponent", `"NumericGreaterThan":{"a:k":"5"}`, `"a:k":"1e999999999"`, true},
		{"an endless exponent", `"NumericGreaterThan":{"a:k":"5"}`, `"a:k":"1e9999999999"`, false},
		{"a word", `"NumericNotEquals":{"a:k":"5"}`, `"a:k":"five"`, true},
	})
}

func TestDateOperators(t *testing.T) {
	before := `"DateLessThan":{"a:k":"2026-03-01T00:00:00Z"}`
	testConditions(t, []conditionCase{
		{"seconds since the epoch", `"DateEquals":{"a:k":"2026-01-01T00:00:00Z"}`, `"a:k":"1767225600"`, true},
		{"a month", `"DateEquals":{"a:k":"2026-01"}`, `"a:k":"2026-01-01T00:00:00Z"`, true},
		{"hours and minutes", `"DateEquals":{"a:k":"2026-01-01T10:30Z"}`, `"a:k":"2026-01-01T10:30:00Z"`, true},
		{"without zone it is UTC", `"DateEquals":{"a:k":"2026-01-01T10:30:00"}`, `"a:k":"2026-01-01T10:30:00Z"`, true},
		{"a zone east", `"DateEquals":{"a:k":"2026-01-01T01:30:00+01:30"}`, `"a:k":"2026-01-01T00:00:00Z"`, true},
		{"a zone west", `"DateEquals":{"a:k":"2025-12-31T19:00:00-05:00"}`, `"a:k":"2026-01-01T00:00:00Z"`, true},
		{"fractions count", `"DateGreaterThan":{"a:k":"2026-01-01T00:00:00.5Z"}`, `"a:k":"2026-01-01T00:00:00.500000001Z"`,
			true},
		{"not equal", `"DateNotEquals":{"a:k":"2026-01-01"}`, `"a:k":"2026-01-02"`, true},
		{"edge of at most", `"DateLessThanEquals":{"a:k":"2026-01-01"}`, `"a:k":"2026-01-01"`, true},
		{"a leap day", before, `"a:k":"2024-02-29"`, true},
		{"no leap day", before, `"a:k":"2025-02-29"`, false},
		{"month 13", before, `"a:k":"2025-13-01"`, false},
		{"dots between", before, `"a:k":"2025.01.01"`, false},
		{"dots before the day", before, `"a:k":"2025-01.01"`, false},
		{"a day of one digit", before, `"a:k":"2025-01-1"`, false},
		{"hour 24", before, `"a:k":"2025-01-01T24:00:00Z"`, false},
		{"minute 60", before, `"a:k":"2025-01-01T10:60:00Z"`, false},
		{"second 60", before, `"a:k":"2025-01-01T10:00:60Z"`, false},
		{"an hour alone", before, `"a:k":"2025-01-01T10Z"`, false},
		{"no colon before the seconds", before, `"a:k":"2025-01-01T10:00-00Z"`, false},
		{"no digits in the fraction", before, `"a:k":"2025-01-01T10:00:00.Z"`, false},
		{"a comma in the fraction", before, `"a:k":"2025-01-01T10:00:00,5Z"`, false},
		{"ten digits in the fraction", before, `"a:k":"2025-01-01T10:00:00.0123456789Z"`, false},
		{"a zone without colon", before, `"a:k":"2025-01-01T10:00:00+0100"`, false},
		{"a zone of 24 hours", before, `"a:k":"2025-01-01T10:00:00+24:00"`, false},
		{"an empty day", before, `"a:k":"T10:00:00Z"`, false},
		{"more seconds than time has", before, `"a:k":"1000000000000000000"`, false},
		{"a word", before, `"a:k":"tomorrow"`, false},
	})
}

func TestBoolNullAndBinaryOperators(t *testing.T) {
	testConditions(t, []conditionCase{
		{"a variable in Bool", `"Bool":{"a:k":"${a:v}"}`, `"a:k":"true","a:v":"True"`, true},
		{"a variable that is no boolean", `"Bool":{"a:k":"${a:v}"}`, `"a:k":"true","a:v":"yes"`, false},
		{"equal texts that are no booleans", `"Bool":{"a:k":"${a:v}"}`, `"a:k":"yes","a:v":"yes"`, false},
		{"Null with both values", `"Null":{"a:k":["true","false"]}`, `"a:k":"x"`, true},
		{"Null without values", `"Null":{"a:k":[]}`, `"a:k":"x"`, false},
		{"Null with a set operator", `"ForAnyValue:Null":{"a:k":"false"}`, `"a:k":["x"]`, true},
		{"a list of empty strings is null", `"Null":{"a:k":"true"}`, `"a:k":["",""]`, true},
		{"binary of several blocks", `"BinaryEquals":{"a:k":"AAECAwQF"}`, `"a:k":"AAECAwQF"`, true},
		{"binary that differs later", `"BinaryEquals":{"a:k":"AAECAwQF"}`, `"a:k":"AAECAwQG"`, false},
		{"binary of another length", `"BinaryEquals":{"a:k":"AAECAwQF"}`, `"a:k":"AAEC"`, false},
		{"binary that is no base64", `"BinaryEquals":{"a:k":"AAEC"}`, `"a:k":"!!!!"`, false},
		{"padding in the middle", `"BinaryEquals":{"a:k":"AAAAAA=="}`, `"a:k":"AA==AA=="`, false},
	})
}

func TestAddressOperators(t *testing.T) {
	testConditions(t, []conditionCase{
		{"a mapped address is IPv4", `"IpAddress":{"a:k":"203.0.113.0/24"}`, `"a:k":"::ffff:203.0.113.9"`, true},
		{"a mapped range is IPv4", `"IpAddress":{"a:k":"::ffff:203.0.113.0/120"}`, `"a:k":"203.0.113.9"`, true},
		{"all of IPv6 is not all of IPv4", `"IpAddress":{"a:k":"::/0"}`, `"a:k":"203.0.113.9"`, false},
		{"another family is outside", `"NotIpAddress":{"a:k":"0.0.0.0/0"}`, `"a:k":"2001:db8::1"`, true},
		{"a zone is no address", `"IpAddress":{"a:k":"fe80::/10"}`, `"a:k":"fe80::1%eth0"`, false},
		{"a range is no address", `"IpAddress":{"a:k":"10.0.0.0/8"}`, `"a:k":"10.0.0.0/9"`, false},
		{"a very long text", `"NotIpAddress":{"a:k":"10.0.0.0/8"}`,
			`"a:k":"0000000000000000000000000000000000000000000000000000000000000000"`, true},
	})
}

func TestARNOperators(t *testing.T) {
	role := `"a:k":"arn:aws:iam::111111111111:role/x:y"`
	testConditions(t, []conditionCase{
		{"a question mark in the header", `"ArnLike":{"a:k":"arn:aws:iam::11111111111?:role/*"}`, role, true},
		{"a question mark is no colon", `"ArnLike":{"a:k":"arn:aws:iam:?111111111111:role/*"}`, role, false},
		{"a question mark at the end of the header", `"ArnLike":{"a:k":"arn:*:iam:*?:role/x:y"}`, role, false},
		{"stars in the header keep to their field", `"ArnLike":{"a:k":"arn:aws:*:role/x:y:*:*"}`, role, false},
		{"all stars", `"ArnLike":{"a:k":"*:*:*:*:*:*"}`, role, true},
		{"an account from a variable", `"ArnLike":{"a:k":"arn:aws:iam::${a:v}:role/*"}`, role + `,"a:v":"111111111111"`,
			true},
		{"a whole ARN from a variable", `"ArnEquals":{"a:k":"${a:v}"}`, role + `,"a:v":"arn:aws:iam::111111111111:role/x:y"`,
			true},
		{"a star after a whole ARN from a variable", `"ArnLike":{"a:k":"${a:v}*"}`, role + `,"a:v":"arn:aws:iam::111111111111:role/"`,
			true},
		{"a question mark after a whole ARN from a variable", `"ArnLike":{"a:k":"${a:v}?y"}`,
			role + `,"a:v":"arn:aws:iam::111111111111:role/x"`, true},
		{"a star of the header after a variable", `"ArnLike":{"a:k":"arn:aws:${a:v}::*:role/x:y"}`, role + `,"a:v":"iam"`, true},
		{"it keeps to its part", `"ArnLike":{"a:k":"arn:${a:v}:*:role/x:y:*:*"}`, role + `,"a:v":"aws"`, false},
		{"an unset variable beside one that is a whole ARN", `"ArnLike":{"a:k":"${a:v}*${a:w}"}`,
			role + `,"a:v":"arn:aws:iam::111111111111:role/"`, false},
		{"a star that is alone because a variable is empty", `"ArnLike":{"a:k":"${a:v}*"}`, role + `,"a:v":""`, false},
		{"a star for no ARN", `"ArnLike":{"a:k":"*"}`, `"a:k":"x"`, false},
		{"a field star that would need a colon", `"ArnLike":{"a:k":"arn:aws:i*111:*:*:*"}`, role, false},
		{"a field star and a later text", `"ArnLike":{"a:k":"arn:aws:i*:*:1*1:role/*"}`, role, true},
	})
}

func TestAMissingKeyPassesNegatedOperatorsAlone(t *testing.T) {
	values := map[string]string{"Numeric": "1", "Date": "2026-01-01", "IpAddress": "10.0.0.0/8", "Arn": "*", "Bool": "true",
		"Binary": "AAEC", "String": "x"}
	for _, operator := range []string{"StringEquals", "StringEqualsIgnoreCase", "StringLike", "NumericEquals", "NumericLessThan",
		"NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateLessThan",
		"DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress", "ArnEquals",
		"ArnLike", "StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "NumericNotEquals", "DateNotEquals",
		"NotIpAddress", "ArnNotEquals", "ArnNotLike"} {
		for kind, value := range values {
			if strings.Contains(operator, kind) {
				condition := `"` + operator + `":{"a:k":"` + value + `"}`
				testConditions(t, []conditionCase{{operator, condition, ``, strings.Contains(operator, "Not")}})
			}
		}
	}
}

func TestSetOperators(t *testing.T) {
	testConditions(t, []conditionCase{
		{"all of an empty text", `"ForAllValues:StringEquals":{"a:k":"x"}`, `"a:k":""`, true},
		{"any of an empty text", `"ForAnyValue:StringEquals":{"a:k":""}`, `"a:k":[""]`, false},
		{"all with IfExists and no key", `"ForAllValues:StringEqualsIfExists":{"a:k":"x"}`, ``, true},
		{"all negated", `"ForAllValues:StringNotLike":{"a:k":"x*"}`, `"a:k":["a","b"]`, true},
		{"any of none", `"ForAnyValue:StringLike":{"a:k":"x*"}`, `"a:k":["a","b"]`, false},
		{"set operators are words without case", `"FORANYVALUE:stringlike":{"a:k":"b*"}`, `"a:k":["a","b"]`, true},
		{"any address", `"ForAnyValue:IpAddress":{"a:k":"10.0.0.0/8"}`, `"a:k":["192.0.2.1","10.1.1.1"]`, true},
	})
}

func TestAnAllowThatCannotBeReadDoesNotAllow(t *testing.T) {
	context := `"a:k":"10"`
	testConditions(t, []conditionCase{
		{"unknown operator", `"StringMatches":{"a:k":"10"}`, context, false},
		{"unknown number operator", `"NumericLike":{"a:k":"10"}`, context, false},
		{"unknown date operator", `"DateLike":{"a:k":"10"}`, context, false},
		{"unknown set operator", `"ForSomeValues:StringEquals":{"a:k":"10"}`, context, false},
		{"Null with IfExists", `"NullIfExists":{"a:k":"false"}`, context, false},
		{"a value that is no number", `"NumericNotEquals":{"a:k":"x"}`, context, false},
		{"one value of two", `"NumericEquals":{"a:k":["10","x"]}`, context, false},
		{"a value that is no date", `"DateNotEquals":{"a:k":"x"}`, context, false},
		{"a value that is no address", `"NotIpAddress":{"a:k":"x"}`, context, false},
		{"a value that is no range", `"NotIpAddress":{"a:k":"10.0.0.0/33"}`, context, false},
		{"a value that is no boolean", `"BoolIfExists":{"a:x":"yes"}`, context, false},
		{"an empty boolean", `"Bool":{"a:k":""}`, context, false},
		{"Null that is no boolean", `"Null":{"a:k":"yes"}`, context, false},
		{"a value that is no base64", `"BinaryEquals":{"a:k":"%"}`, context, false},
		{"a value that is no ARN", `"ArnNotLike":{"a:k":"x"}`, context, false},
		{"a variable without brace", `"StringNotEquals":{"a:k":"${a:v"}`, context, false},
		{"a variable without name", `"StringNotEquals":{"a:k":"${}"}`, context, false},
		{"a default without quotes", `"StringNotEquals":{"a:k":"${a:v, x}"}`, context, false},
		{"a default without end", `"StringNotEquals":{"a:k":"${a:v, 'x}"}`, context, false},
		{"text after the default", `"StringNotEquals":{"a:k":"${a:v, 'x' y}"}`, context, false},
	})
}
