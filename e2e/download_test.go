package e2e

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// keepDownloads lets the tab's downloads through into a folder of their own.
func (j *journey) keepDownloads() {
	j.t.Helper()
	j.downloads = j.t.TempDir()
	j.do("let downloads through", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
			Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: j.downloads,
			BrowserContextID: chromedp.FromContext(j.ctx).BrowserContextID})
		return err
	}))
}

// Downloaded waits for a file whose name begins so, and returns its lines as a spreadsheet reads them.
func (j *journey) Downloaded(name string) [][]string {
	j.t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); time.Sleep(25 * time.Millisecond) {
		found, err := filepath.Glob(filepath.Join(j.downloads, name+"*.csv"))
		if err != nil {
			j.t.Fatal(err)
		}
		if len(found) == 0 {
			continue
		}
		text, err := os.ReadFile(found[0])
		if err != nil {
			j.t.Fatal(err)
		}
		lines, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			j.t.Fatalf("%s is no CSV: %v", found[0], err)
		}
		if len(lines) > 0 { // the browser makes the file first and fills it then
			return lines
		}
	}
	j.t.Fatalf("no file %s… was downloaded", name)
	return nil
}

// column is what stands in a column of a file, by what stands in another of the same line.
func column(t *testing.T, lines [][]string, key, value string) map[string]string {
	t.Helper()
	at := map[string]int{}
	for i, name := range lines[0] {
		at[name] = i
	}
	cells := map[string]string{}
	for _, line := range lines[1:] {
		cells[line[at[key]]] = line[at[value]]
	}
	return cells
}
