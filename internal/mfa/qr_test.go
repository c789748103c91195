package mfa_test

import (
	"fmt"
	"image/color"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"

	"gatehouse/internal/mfa"
)

func TestTheAddressReadsBackAsItWasMade(t *testing.T) {
	for _, tt := range []struct{ issuer, account, wantIssuer, wantAccount string }{
		{"SecureCart", "alice", "SecureCart", "alice"},
		{"Secure Cart & Co.", "alice@example.com", "Secure Cart & Co.", "alice@example.com"},
		{"A/B?c=d#e%20+", "a/b?c&secret=AAAA", "A/B?c=d#e%20+", "a/b?c&secret=AAAA"},
		{"One:Two", "x:y", "One Two", "x y"},
		{"Zürich 東京", "émile", "Zürich 東京", "émile"},
	} {
		uri := six(rfcSecret).URI(tt.issuer, tt.account)
		key, err := otp.NewKeyFromURL(uri)
		if err != nil {
			t.Fatalf("%s: %v", uri, err)
		}
		got := []any{key.Type(), key.Issuer(), key.AccountName(), key.Secret(), key.Algorithm(), key.Digits(), key.Period()}
		want := []any{"totp", tt.wantIssuer, tt.wantAccount, rfcSecret, otp.AlgorithmSHA1, otp.DigitsSix, uint64(30)}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s reads as %v, want %v", uri, got, want)
		}
		long := mfa.App{Secret: rfcSecret, Digits: mfa.LongDigits}.URI(tt.issuer, tt.account)
		if key, err := otp.NewKeyFromURL(long); err != nil || key.Digits() != otp.DigitsEight {
			t.Errorf("%s has %v digits, %v", long, key.Digits(), err)
		}
		if strings.ContainsAny(uri, "+ ") {
			t.Errorf("%s holds a space or a plus sign, which apps show as it is", uri)
		}
	}
}

func TestTheQRCodeDrawsExactlyTheDarkModules(t *testing.T) {
	for _, issuer := range []string{"S", "SecureCart", strings.Repeat("Long name ", 20)} {
		uri := six(rfcSecret).URI(issuer, "alice")
		path, size, err := mfa.QR(uri)
		if err != nil {
			t.Fatal(err)
		}
		dark := rasterise(t, path, size)

		want, err := qr.Encode(uri, qr.M, qr.Unicode)
		if err != nil {
			t.Fatal(err)
		}
		side := want.Bounds().Dx()
		if size != side+8 {
			t.Fatalf("size %d for %d modules: the quiet border is four modules on each side", size, side)
		}
		for y := range size {
			for x := range size {
				mx, my := x-4, y-4
				inside := mx >= 0 && my >= 0 && mx < side && my < side
				if is := inside && want.At(mx, my) == color.Black; dark[y][x] != is {
					t.Fatalf("module %d,%d of %q: dark %t, want %t", mx, my, issuer, dark[y][x], is)
				}
			}
		}
	}
}

func TestAnAddressTooLongForAQRCodeIsAnError(t *testing.T) {
	if _, _, err := mfa.QR(strings.Repeat("x", 4000)); err == nil {
		t.Error("4,000 characters are drawn")
	}
}

// rasterise paints the rectangles of a path on a grid, and fails when the path holds anything else.
func rasterise(t *testing.T, path string, size int) [][]bool {
	t.Helper()
	grid := make([][]bool, size)
	for y := range grid {
		grid[y] = make([]bool, size)
	}
	rectangle := regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
	if rest := rectangle.ReplaceAllString(path, ""); rest != "" {
		t.Fatalf("the path holds %q", rest)
	}
	for _, m := range rectangle.FindAllStringSubmatch(path, -1) {
		x, y, run := number(t, m[1]), number(t, m[2]), number(t, m[3])
		if m[3] != m[4] || x+run > size || y >= size {
			t.Fatalf("rectangle %s does not fit", m[0])
		}
		for i := range run {
			grid[y][x+i] = true
		}
	}
	return grid
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
