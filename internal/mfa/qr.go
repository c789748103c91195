package mfa

import (
	"fmt"
	"image/color"
	"net/url"
	"strconv"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// quiet is the empty border around the picture, in modules (ISO/IEC 18004 §5.3.8).
const quiet = 4

// URI returns the otpauth address that the app reads: issuer is the organization's name, account the
// person's user name. Colons are taken out of both, since the app splits its label at the first one.
func (a App) URI(issuer, account string) string {
	issuer, account = label(issuer), label(account)
	return "otpauth://totp/" + escape(issuer) + ":" + escape(account) +
		"?secret=" + escape(a.Secret) +
		"&issuer=" + escape(issuer) +
		"&algorithm=SHA1" +
		"&digits=" + strconv.Itoa(a.Digits) +
		"&period=" + strconv.Itoa(int(Period.Seconds()))
}

func label(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, ":", " "))
}

// escape writes a space as %20: several apps show the plus sign of a form encoding as it is.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// QR returns the dark modules of the QR code of uri as one SVG path, and the length of the side in modules, quiet
// border included: <svg viewBox="0 0 size size"><path d="path"/></svg>. It errs when uri is longer than a QR code
// holds.
func QR(uri string) (path string, size int, err error) {
	code, err := qr.Encode(uri, qr.M, qr.Unicode)
	if err != nil {
		return "", 0, fmt.Errorf("draw a QR code: %w", err)
	}

	side := code.Bounds().Dx()
	var b strings.Builder
	for y := range side {
		drawRow(&b, code, y)
	}
	return b.String(), side + 2*quiet, nil
}

// drawRow adds one rectangle for each unbroken run of dark modules in row y.
func drawRow(b *strings.Builder, code barcode.Barcode, y int) {
	side := code.Bounds().Dx()
	for x := 0; x < side; {
		run := 0
		for x+run < side && code.At(x+run, y) == color.Black {
			run++
		}
		if run > 0 {
			fmt.Fprintf(b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
		}
		x += max(run, 1)
	}
}
