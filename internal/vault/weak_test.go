package vault_test

import (
	"crypto/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/vault"
)

var names = []string{"alice", "Alice Smith-Jones", "a.smith@securecart.example", "SecureCart GmbH"}

func TestPasswordsThatAreRefused(t *testing.T) {
	for password, want := range map[string]vault.Weakness{
		"":                                vault.TooShort,
		"xK9#mQ2":                         vault.TooShort,
		"東京都庁舎前駅":                         vault.TooShort,
		strings.Repeat("x7Kq", 256) + "!": vault.TooLong,
		strings.Repeat("東", 342):          vault.TooLong,

		"password":             vault.TooCommon,
		"PASSWORD":             vault.TooCommon,
		"password1":            vault.TooCommon,
		"Password1!":           vault.TooCommon,
		"P@ssw0rd":             vault.TooCommon,
		"p@55w0rd123":          vault.TooCommon,
		"!!Welcome2026!!":      vault.TooCommon,
		"Summer2026!":          vault.TooCommon,
		"iloveyou":             vault.TooCommon,
		"letmein123":           vault.TooCommon,
		"Dragon1234567890":     vault.TooCommon,
		"monkeymonkey":         vault.TooCommon,
		"passwordpassword":     vault.TooCommon,
		"trustno1":             vault.TooCommon,
		"changeme":             vault.TooCommon,
		"00000000":             vault.TooCommon,
		"12345678":             vault.TooCommon,
		"1234567890123":        vault.TooCommon,
		"87654321":             vault.TooCommon,
		"abcdefgh":             vault.TooCommon,
		"qwertyuiop":           vault.TooCommon,
		"qwer1234":             vault.TooCommon,
		"1q2w3e4r":             vault.TooCommon,
		"1qaz2wsx3edc":         vault.TooCommon,
		"asdfghjkl;":           vault.TooCommon,
		"abababababab":         vault.TooCommon,
		"xy12xy12xy12":         vault.TooCommon,
		"aaaabbbbcccc":         vault.TooCommon,
		strings.Repeat("é", 8): vault.TooCommon,

		"alicealice":                 vault.FromName,
		"Alice2026!":                 vault.FromName,
		"alicesmithjones":            vault.FromName,
		"Smith-Jones":                vault.FromName,
		"SecureCart":                 vault.FromName,
		"s3cur3c4rt!":                vault.FromName,
		"securecart1234":             vault.FromName,
		"a.smith@securecart.example": vault.FromName,
	} {
		if got := vault.Weak(vault.Secret(password), names...); got != want {
			t.Errorf("%.40q: %q, want %q", password, got, want)
		}
	}
}

func TestPasswordsThatAreTaken(t *testing.T) {
	for _, password := range []string{
		"xK9#mQ2v", "tidal-copper-fence-nine", "correct-donkey-battery",
		"Ein Satz mit Wörtern", "東京都庁舎前駅北", "        a       b",
		"alice likes tidal copper", "securecart-tidal-copper", "dragon and seven hills", "my password is long",
		"\x00\x01\x02 binary \xff",
		"5#9!8$2@7!password7%4^1&3*6#", "qwerasdfzxcv1234tyuighjk",
		strings.Repeat("x7Kq!", 204) + "1234", "ali", "GmbH-GmbH-seven",
	} {
		want := vault.Weakness("")
		if password == "ali" {
			want = vault.TooShort
		}
		if got := vault.Weak(vault.Secret(password), names...); got != want {
			t.Errorf("%.40q: %q, want %q", password, got, want)
		}
	}
}

func TestShortNamesAndEmptyNamesRefuseNothing(t *testing.T) {
	if got := vault.Weak("xiaolong-7", "", " ", "xi", "@", "-"); got != "" {
		t.Errorf("refused: %s", got)
	}
}

func TestRandomTokensAreNeverWeak(t *testing.T) {
	for range 2000 {
		token, _, err := vault.NewToken(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if got := vault.Weak(token[:12], names...); got != "" {
			t.Errorf("%q: %s", token[:12].Reveal(), got)
		}
	}
}

func TestTheListOfCommonPasswordsIsSortedLowerCaseAndWithoutRepetition(t *testing.T) {
	text, err := os.ReadFile("common.txt")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) != len(words) {
		t.Error("not sorted, or a word stands twice")
	}
	for _, word := range words {
		if word != strings.ToLower(strings.TrimSpace(word)) || word == "" {
			t.Errorf("%q is not a lower-case word", word)
		}
	}
}

func TestThePasswordsThatLeakedMostOftenAreRefused(t *testing.T) {
	text, err := os.ReadFile("data/leaked.txt")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("the program was built without leaked passwords (make assets)")
	}
	list := strings.Fields(string(text))
	if len(list) < 3000 {
		t.Fatalf("%d leaked passwords, want at least 3000: %v", len(list), err)
	}
	for _, password := range list[:3000] {
		if got := vault.Weak(vault.Secret(password)); got != vault.TooCommon {
			t.Errorf("%q is judged %q", password, got)
		}
	}
	for _, word := range []string{"Maverick2026!", "m@verick99", "MIDNIGHT", "midnightmidnight"} {
		if got := vault.Weak(vault.Secret(word)); got != vault.TooCommon {
			t.Errorf("%q, which is made of one of them, is judged %q", word, got)
		}
	}
}

func FuzzWeak(f *testing.F) {
	f.Add("Password1!", "alice")
	f.Add("1qaz2wsx", "a@b")
	f.Add("\xff\xfe東東東東東東", "東")
	f.Fuzz(func(t *testing.T, password, name string) {
		weakness := vault.Weak(vault.Secret(password), name)
		if weakness == vault.TooShort || weakness == vault.TooLong {
			return
		}
		if len(password) < 8 || len(password) > 1024 {
			t.Errorf("%d bytes are judged %q", len(password), weakness)
		}
		if strings.EqualFold(password, name) && isASCII(password+name) && hasWord(name) && weakness == "" {
			t.Errorf("the name %q is taken as a password", name)
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 })
}

// hasWord reports whether s holds four letters or digits, the least that counts as a name.
func hasWord(s string) bool {
	n := 0
	for _, r := range s {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			n++
		}
	}
	return n >= 4
}
